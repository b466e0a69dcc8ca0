import { Log, type LogFields, type LogLevel } from '../telemetry/log.ts';

/** A line that was logged. */
export interface LoggedLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Keeps what is logged, for a test to look at. */
export class CollectingLog extends Log {
  readonly lines: LoggedLine[] = [];

  override write(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.lines.push({ level, message, fields });
  }

  /** The messages of one level, in order. */
  messages(level: LogLevel): readonly string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }
}
