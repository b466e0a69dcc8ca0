/** From the least to the most urgent. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a line says beside its message. Values under telling names (`token`, `authorization`, …) never come out. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where lines for people go. Never standard output: that carries envelopes only. */
export abstract class Log {
  abstract write(level: LogLevel, message: string, fields?: LogFields): void;

  /** For somebody who follows one request in detail. */
  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields);
  }

  /** What an operator wants to have read afterwards: started, stopped, adopted an edit. */
  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  /** Something was wrong and was dealt with. */
  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  /** Somebody should look. An error belongs into the field `err`. */
  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields);
  }

  /** The same log, with these fields in every line. */
  with(fields: LogFields): Log {
    return new LogWith(this, fields);
  }
}

class LogWith extends Log {
  readonly #below: Log;
  readonly #fields: LogFields;

  constructor(below: Log, fields: LogFields) {
    super();
    this.#below = below;
    this.#fields = fields;
  }

  override write(level: LogLevel, message: string, fields?: LogFields): void {
    this.#below.write(level, message, { ...this.#fields, ...fields });
  }
}
