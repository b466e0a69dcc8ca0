import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '#libs/kernel';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

/** Somebody with a token (or none) who calls a service over HTTP. */
export class Caller {
  constructor(
    readonly url: string,
    readonly token: string | null,
    private readonly watch: (method: string, path: string, answer: Answer) => void = () => undefined,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: JsonValue, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, body, headers);
  }

  put(path: string, body: JsonValue, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PUT', path, body, headers);
  }

  patch(path: string, body: JsonValue): Promise<Answer> {
    return this.send('PATCH', path, body, {});
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('DELETE', path, undefined, headers);
  }

  async send(
    method: string,
    path: string,
    body: JsonValue | undefined,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = { status: response.status, headers: response.headers, body: objectIn(await response.text()) };
    this.watch(method, path, answer);
    return answer;
  }
}

function objectIn(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error(`a JSON object is answered, not ${text.slice(0, 200)}`);
  return value;
}

/** A member that has to be a text. */
export function textOf(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new Error(`a text is answered, not ${JSON.stringify(value)}`);
  return value;
}
