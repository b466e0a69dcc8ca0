import { connect, type Socket } from 'node:net';

/** One HTTP request, sent again and again. */
export interface Shot {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Volley {
  readonly requests: number;
  readonly seconds: number;
  readonly bodyBytes: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** The bytes of a shot; kept alive, so that only the first pays for its connection. */
function encode(shot: Shot): Buffer {
  const headers = { host: `127.0.0.1:${shot.port}`, 'content-type': 'application/json', ...shot.headers };
  const head = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(shot.body)) });
  return Buffer.from(
    `${shot.method} ${shot.path} HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${shot.body}`,
  );
}

/** The length of the first whole answer in `data`, its body's length and status, or null while it is incomplete. */
function firstAnswer(data: Buffer): { readonly length: number; readonly body: number; readonly status: number } | null {
  const headEnd = data.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = data.toString('latin1', 0, headEnd);
  const found = /content-length: (\d+)/i.exec(head);
  if (found === null) throw new Error(`an answer without Content-Length: ${head}`);
  const body = Number(found[1]);
  const length = headEnd + HEAD_END.length + body;
  return data.length < length ? null : { length, body, status: Number(head.slice(9, 12)) };
}

/**
 * Sends `requests` shots over `connections` kept-alive sockets, one in flight on each.
 * A raw client, since a general one costs more than the servers that are compared.
 * @throws when an answer is not `status`.
 */
export async function fire(
  shot: Shot,
  { requests, connections, status = 200 }: { requests: number; connections: number; status?: number },
): Promise<Volley> {
  const bytes = encode(shot);
  let left = requests;
  let bodyBytes = 0;
  const begun = process.hrtime.bigint();
  await Promise.all(
    Array.from({ length: connections }, () => {
      return new Promise<void>((resolve, reject) => {
        const socket: Socket = connect({ port: shot.port, host: '127.0.0.1', noDelay: true });
        let waiting: Buffer = Buffer.alloc(0);
        const next = (): void => {
          if (left <= 0) {
            socket.destroy();
            resolve();
            return;
          }
          left -= 1;
          socket.write(bytes);
        };
        socket.on('connect', next);
        socket.on('error', reject);
        socket.on('data', (chunk) => {
          waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
          const answer = firstAnswer(waiting);
          if (answer === null) return;
          if (answer.status !== status) {
            reject(new Error(`${shot.path} answered ${waiting.toString('utf8', 0, answer.length)}`));
            socket.destroy();
            return;
          }
          bodyBytes = answer.body;
          waiting = waiting.subarray(answer.length);
          next();
        });
      });
    }),
  );
  return { requests, seconds: Number(process.hrtime.bigint() - begun) / 1e9, bodyBytes };
}
