import { connect } from 'node:net';

/** One HTTP request, sent again and again. */
export interface Shot {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadOptions {
  readonly requests: number;
  readonly connections: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** The bytes of a shot, on a connection that is kept. */
function encode(shot: Shot): Buffer {
  const headers = { host: `127.0.0.1:${shot.port}`, 'content-type': 'application/json', ...shot.headers };
  const head = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(shot.body)) });
  return Buffer.from(
    `${shot.method} ${shot.path} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${shot.body}`,
  );
}

/** Length and status of the answer at the start of `data`; null while it is not there whole. */
function firstAnswer(data: Buffer): { readonly length: number; readonly status: number } | null {
  const headEnd = data.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = data.toString('latin1', 0, headEnd);
  const found = /content-length: (\d+)/i.exec(head);
  if (found === null) throw new Error(`an answer without Content-Length: ${head}`);
  const length = headEnd + HEAD_END.length + Number(found[1]);
  return data.length < length ? null : { length, status: Number(head.slice(9, 12)) };
}

/**
 * Sends the shots in turn over kept connections, one in flight on each.
 * A raw client, since a general one costs more than the servers that are compared.
 * @returns the seconds that it took
 * @throws when an answer is not 200
 */
export async function fire(shots: readonly Shot[], { requests, connections }: LoadOptions): Promise<number> {
  const encoded = shots.map(encode);
  const port = shots[0]?.port ?? 0;
  let sent = 0;
  const next = (): Buffer | undefined => {
    if (sent === requests) return undefined;
    sent += 1;
    return encoded[sent % encoded.length];
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: connections }, () => drive(port, next)));
  return (performance.now() - begun) / 1_000;
}

/** One connection, until there is nothing more to send. */
function drive(port: number, next: () => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let waiting: Buffer = Buffer.alloc(0);
    const send = (): void => {
      const bytes = next();
      if (bytes === undefined) socket.destroy();
      else socket.write(bytes);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', resolve);
    socket.on('data', (chunk) => {
      waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
      const answer = firstAnswer(waiting);
      if (answer === null) return;
      if (answer.status !== 200) {
        reject(new Error(waiting.toString('utf8', 0, answer.length)));
        socket.destroy();
        return;
      }
      waiting = waiting.subarray(answer.length);
      send();
    });
  });
}
