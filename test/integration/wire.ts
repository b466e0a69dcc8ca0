import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

/** A request byte for byte: nothing is normalised, escaped or added but Host and a length. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends what `fetch` would not: paths with dots, bytes that are no UTF-8, headers twice. */
export class Wire {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });
  readonly #url: URL;

  constructor(url: string) {
    this.#url = new URL(url);
  }

  async send({ method, path, headers, body }: WireRequest): Promise<WireAnswer> {
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest({
        agent: this.#agent,
        host: this.#url.hostname,
        port: this.#url.port,
        method,
        path,
        headers: {
          ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
          ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, listOrText(value)])),
        },
      });
      request.on('response', resolve);
      // A body that is refused before it was sent whole ends the connection; its answer came first.
      request.on('error', reject);
      request.end(body);
    });
    message.setEncoding('utf8');
    let text = '';
    for await (const chunk of message) text += String(chunk);
    return { status: message.statusCode ?? 0, headers: message.headers, text };
  }

  /** Writes bytes to a connection of their own; all that came back until the service ended it. */
  async exchange(bytes: string): Promise<string> {
    const socket = connect(Number(this.#url.port), this.#url.hostname);
    socket.setEncoding('utf8');
    let received = '';
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    return received;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function listOrText(value: string | readonly string[]): string | string[] {
  return typeof value === 'string' ? value : [...value];
}
