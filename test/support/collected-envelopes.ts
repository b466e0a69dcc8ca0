import { EnvelopeOut } from '#libs/audit';
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '#libs/kernel';

/** Standard output's place in tests: keeps what was mirrored. */
export class CollectedEnvelopes extends EnvelopeOut {
  readonly lines: string[] = [];

  write(line: string): void {
    this.lines.push(line);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The `data` of every event so far, in order. */
  get data(): readonly JsonObject[] {
    return this.lines.map((line) => dataOf(parseJson(line)));
  }

  /** The actions so far, in order. */
  get actions(): readonly (JsonValue | undefined)[] {
    return this.data.map(({ action }) => action);
  }
}

function dataOf(envelope: JsonValue): JsonObject {
  const event = isJsonObject(envelope) ? envelope['event'] : undefined;
  const data = isJsonObject(event) ? event['data'] : undefined;
  if (!isJsonObject(data)) throw new Error('an envelope has an event with data');
  return data;
}
