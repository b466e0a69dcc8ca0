import { BusReport, type DroppedMessage } from '#libs/bus';

/** In a world every message is one of ours, and every handler does its work: anything else ends the run. */
export class WorldReport extends BusReport {
  constructor(private readonly failed: (error: unknown) => void) {
    super();
  }

  override dropped({ channel, reason }: DroppedMessage): void {
    this.failed(new Error(`a message on ${channel} was dropped: ${reason}`));
  }

  override handlerFailed(_channel: string, error: unknown): void {
    this.failed(error);
  }
}
