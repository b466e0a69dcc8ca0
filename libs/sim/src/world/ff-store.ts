import type { Outbox } from '#libs/bus';
import type { RegistryEdits } from '#libs/flags';
import type { FileStore } from '#libs/platform';

/** FF's folder, as its one process holds it. */
export interface FfStore {
  readonly files: FileStore;
  readonly edits: RegistryEdits;
  readonly outbox: Outbox;
}
