import { isJsonArray, isJsonObject, parseJsonObject, PttError, type JsonObject, type JsonValue } from '#libs/kernel';

/** A refusal as the service worded it (RFC 9457). */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly status: number,
    readonly problem: JsonObject,
  ) {
    super(typeof problem['detail'] === 'string' ? problem['detail'] : `the service answered ${status}`);
  }
}

/** Speaks to FF or Admin for the command line. */
export class ServiceClient {
  constructor(
    private readonly baseUrl: string,
    /** The variable or option that names the address, for the remedy. */
    private readonly namedBy: string,
    private readonly token: string | undefined,
  ) {}

  get(path: string): Promise<JsonObject> {
    return this.send('GET', path, undefined);
  }

  /**
   * @throws Refused when the service answers 4xx or 5xx with a problem.
   * @throws PttError service_unreachable when nothing, or nothing readable, answers.
   */
  async send(
    method: string,
    path: string,
    body: JsonValue | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<JsonObject> {
    const response = await this.request(method, path, body, headers);
    const text = await response.text();
    const answer = parseJsonObject(text);
    if (answer === null) {
      throw new PttError('service_unreachable', {
        detail: `${this.baseUrl}${path} answered ${response.status} with no JSON object. Check ${this.namedBy}: is it a PTT service?`,
      });
    }
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }

  /** Every item of a paged list. */
  async *pages(path: string, member: string): AsyncGenerator<JsonObject> {
    let cursor: JsonValue | undefined;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const page = await this.get(
        typeof cursor === 'string' ? `${path}${separator}cursor=${encodeURIComponent(cursor)}` : path,
      );
      const items = page[member];
      if (isJsonArray(items)) for (const item of items) if (isJsonObject(item)) yield item;
      cursor = page['next_cursor'];
    } while (typeof cursor === 'string');
  }

  private async request(
    method: string,
    path: string,
    body: JsonValue | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    try {
      return await fetch(new URL(path, this.baseUrl), {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new PttError('service_unreachable', {
        detail: `Nothing answers at ${this.baseUrl}. Start it with npm start, or name another address with ${this.namedBy}.`,
        cause,
      });
    }
  }
}
