import type { Gate } from '#libs/gate';
import { Readiness, type DependencyStatus, type FileStore } from '#libs/platform';

/** What FF stands on. Evaluations go on without either, so neither takes it out of service. */
export class FfReadiness extends Readiness {
  constructor(
    private readonly files: FileStore,
    private readonly gate: Gate,
  ) {
    super();
  }

  dependencies(): Promise<readonly DependencyStatus[]> {
    const isWritable = this.files.isWritable;
    const isOpen = this.gate.breakerState === 'open';
    return Promise.resolve([
      {
        name: 'store',
        status: isWritable ? 'up' : 'down',
        detail: isWritable
          ? 'changes are recorded'
          : 'the journal cannot be written: changes are refused until restart',
        required: false,
      },
      {
        name: 'admin',
        status: isOpen ? 'down' : 'up',
        detail: isOpen ? 'the breaker is open: gated flags are denied' : `the breaker is ${this.gate.breakerState}`,
        required: false,
      },
    ]);
  }
}
