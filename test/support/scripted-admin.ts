import { createServer, type Server, type ServerResponse } from 'node:http';
import { invariant, isRecord } from '#libs/kernel';

/** A stand-in for Admin on a port of its own that answers only when the test says so. */
export class ScriptedAdmin {
  readonly #server: Server;
  readonly #held: { readonly response: ServerResponse; readonly checks: number }[] = [];
  #arrived: (() => void)[] = [];
  /** How many questions have come in. */
  asked = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ScriptedAdmin> {
    const server = createServer();
    const admin = new ScriptedAdmin(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        admin.asked += 1;
        admin.#held.push({ response, checks: checksIn(Buffer.concat(chunks).toString('utf8')) });
        for (const arrived of admin.#arrived.splice(0)) arrived();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return admin;
  }

  get url(): string {
    const address = this.#server.address();
    invariant(typeof address === 'object' && address !== null, 'the stand-in listens');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Resolves when so many questions have come in, from the start on. */
  async untilAsked(count: number): Promise<void> {
    while (this.asked < count) await new Promise<void>((resolve) => this.#arrived.push(resolve));
  }

  /** Allows everything that the oldest held question asks for. */
  allow(): void {
    const held = this.#held.pop();
    invariant(held !== undefined, 'a question is held');
    const answer = {
      decision: 'allow',
      ttl_state: 'valid',
      approval_ref: 'APP-100001-abcd',
      valid_for_ms: 60_000,
      meta: { operator_alert: false, warnings: [], backing_state: 'file_backed' },
    };
    held.response.writeHead(200, { 'content-type': 'application/json' });
    held.response.end(JSON.stringify(Array.from({ length: held.checks }, () => answer)));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function checksIn(body: string): number {
  const read: unknown = JSON.parse(body);
  return isRecord(read) && Array.isArray(read['checks']) ? read['checks'].length : 0;
}
