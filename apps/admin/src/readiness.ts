import { Readiness, type DependencyStatus, type FileStore } from '#libs/platform';

/** What Admin stands on. */
export class AdminReadiness extends Readiness {
  constructor(private readonly files: FileStore) {
    super();
  }

  /** Checks go on without a journal that can be written, so a failed one does not take Admin out of service. */
  dependencies(): Promise<readonly DependencyStatus[]> {
    const isWritable = this.files.isWritable;
    return Promise.resolve([
      {
        name: 'store',
        status: isWritable ? 'up' : 'down',
        detail: isWritable
          ? 'changes are recorded'
          : 'the journal cannot be written: changes are refused until restart',
        required: false,
      },
    ]);
  }
}
