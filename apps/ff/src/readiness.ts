import type { BusDriver } from '#libs/bus';
import type { Gate } from '#libs/gate';
import type { TokenReader } from '#libs/identity';
import { busStatus, Readiness, storeStatus, type DependencyStatus, type FileStore } from '#libs/platform';

interface FfDependencies {
  readonly files: FileStore;
  readonly gate: Gate;
  readonly tokens: TokenReader;
  readonly bus: BusDriver;
}

/** What FF stands on. */
export class FfReadiness extends Readiness {
  constructor(private readonly parts: FfDependencies) {
    super();
  }

  dependencies(): Promise<readonly DependencyStatus[]> {
    const { files, gate, tokens, bus } = this.parts;
    const keys = tokens.keys();
    return Promise.resolve([
      storeStatus(files),
      adminStatus(gate),
      ...(keys === null ? [] : [{ name: 'issuer', ...keys }]),
      busStatus(bus),
    ]);
  }
}

/** Evaluations go on without Admin: flags that are not gated are answered, and the others denied. */
function adminStatus({ breakerState }: Gate): DependencyStatus {
  const isOpen = breakerState === 'open';
  return {
    name: 'admin',
    status: isOpen ? 'down' : 'up',
    detail: isOpen ? 'the breaker is open: gated flags are denied' : `the breaker is ${breakerState}`,
    required: false,
  };
}
