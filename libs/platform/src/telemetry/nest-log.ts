import type { LoggerService } from '@nestjs/common';
import type { Log, LogFields, LogLevel } from './log.ts';

/** Nest's own lines: its cheerful start-up messages are for somebody who debugs, its complaints for everybody. */
export class NestLog implements LoggerService {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  log(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.#write('debug', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.#write('warn', message, more);
  }

  error(message: unknown, ...more: unknown[]): void {
    // DomainEvents reports failed event handlers, with the event's name; Nest's bus would say it a second time.
    if (more.at(-1) !== 'EventBus') this.#write('error', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.#write('error', message, more);
  }

  #write(level: LogLevel, message: unknown, more: readonly unknown[]): void {
    const context = more.at(-1);
    const rest = typeof context === 'string' ? more.slice(0, -1) : more;
    const fields: LogFields = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(rest.length > 0 ? { details: rest } : {}),
      ...(typeof message === 'string' ? {} : { err: message }),
    };
    this.#log.write(level, typeof message === 'string' ? message : 'Nest reports', fields);
  }
}
