import type { BusDriver } from '#libs/bus';
import type { TokenReader } from '#libs/identity';
import { busStatus, Readiness, storeStatus, type DependencyStatus, type FileStore } from '#libs/platform';

interface AdminDependencies {
  readonly files: FileStore;
  readonly tokens: TokenReader;
  readonly bus: BusDriver;
}

/** What Admin stands on. */
export class AdminReadiness extends Readiness {
  constructor(private readonly parts: AdminDependencies) {
    super();
  }

  dependencies(): Promise<readonly DependencyStatus[]> {
    const { files, tokens, bus } = this.parts;
    const keys = tokens.keys();
    return Promise.resolve([
      storeStatus(files),
      ...(keys === null ? [] : [{ name: 'issuer', ...keys }]),
      busStatus(bus),
    ]);
  }
}
