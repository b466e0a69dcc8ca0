import { BusReport, type DroppedMessage } from '../report.ts';

/** Keeps what was reported. */
export class CollectedReport extends BusReport {
  readonly drops: { readonly message: DroppedMessage; readonly isFirst: boolean }[] = [];
  readonly failures: { readonly channel: string; readonly error: unknown }[] = [];

  dropped(message: DroppedMessage, isFirst: boolean): void {
    this.drops.push({ message, isFirst });
  }

  handlerFailed(channel: string, error: unknown): void {
    this.failures.push({ channel, error });
  }
}
