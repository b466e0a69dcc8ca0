import { destination, pino, type DestinationStream, type Logger } from 'pino';
import { toIso, type Clock } from '#libs/kernel';
import { Log, type LogFields, type LogLevel } from './log.ts';
import { redact } from './redact.ts';

export interface PinoLogOptions {
  readonly level: LogLevel | 'silent';
  readonly clock: Clock;
  /** Standard error unless told otherwise, written at once: a line before a crash must not be lost. */
  readonly destination?: DestinationStream;
}

/** JSON lines by pino: `{"level":"info","time":"…","message":"…", …}`. */
export class PinoLog extends Log {
  readonly #pino: Logger;

  constructor({ level, clock, destination: stream = destination({ fd: 2, sync: true }) }: PinoLogOptions) {
    super();
    this.#pino = pino(
      {
        level,
        base: null,
        messageKey: 'message',
        timestamp: () => `,"time":"${toIso(clock.now())}"`,
        formatters: { level: (label) => ({ level: label }) },
        // redact() has told of the error already, with its cause beside it; pino would join their messages.
        serializers: { err: (told: unknown) => told },
      },
      stream,
    );
  }

  override write(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    this.#pino[level](redact(fields), String(redact(message)));
  }
}
