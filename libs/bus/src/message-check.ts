import { invariant, isRecord } from '#libs/kernel';
import type { BusReport, DropReason } from './report.ts';

/** Whether a value is a message of that channel: compiled from contracts/events/*.schema.json. */
export type ChannelValidators = Readonly<Record<string, (value: unknown) => boolean>>;

/** Lets through what a channel's schema allows. The rest is counted, reported, and dropped. */
export class MessageCheck {
  readonly #validators: ReadonlyMap<string, (value: unknown) => boolean>;
  readonly #report: BusReport;
  readonly #dropped = new Map<string, number>();

  constructor(validators: ChannelValidators, report: BusReport) {
    this.#validators = new Map(Object.entries(validators));
    this.#report = report;
  }

  knows(channel: string): boolean {
    return this.#validators.has(channel);
  }

  /** The message in a text, or null when it was dropped. */
  read(channel: string, text: string): Readonly<Record<string, unknown>> | null {
    const isValid = this.#validators.get(channel);
    invariant(isValid !== undefined, `the channel ${channel} has a schema`);
    const value = parse(text);
    if (value === undefined) return this.#drop(channel, 'not_json');
    if (!isRecord(value) || !isValid(value)) return this.#drop(channel, 'against_schema');
    return value;
  }

  #drop(channel: string, reason: DropReason): null {
    const kind = `${reason} ${channel}`;
    const count = (this.#dropped.get(kind) ?? 0) + 1;
    this.#dropped.set(kind, count);
    this.#report.dropped({ channel, reason, count }, count === 1);
    return null;
  }
}

/** Undefined when the text is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
