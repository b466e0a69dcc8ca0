import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { PttError } from '#libs/kernel';
import type { DevelopmentIssuer } from './development-issuer.ts';

export interface IssuerServerOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** PTT_PROFILE. */
  readonly profile: string;
  /** PTT_ISSUER_REHEARSAL. */
  readonly isRehearsal: boolean;
}

/**
 * Serves the development issuer's public keys: `/.well-known/jwks.json` and `/.well-known/openid-configuration`.
 * It issues nothing over HTTP, and is on loopback only.
 */
export class IssuerServer {
  readonly #server: Server;
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @throws PttError `config_invalid` off loopback and in profile 2c, `port_in_use` */
  static async start(issuer: DevelopmentIssuer, options: IssuerServerOptions): Promise<IssuerServer> {
    refuse(options);
    const server = createServer((request, response) => void answer(issuer, request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, options)));
      server.listen(options.port, options.host, resolve);
    });
    const address = server.address();
    return new IssuerServer(server, typeof address === 'object' && address !== null ? address.port : options.port);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }
}

function refuse({ host, profile, isRehearsal }: IssuerServerOptions): void {
  if (profile === '2c' && !isRehearsal) {
    throw new PttError('config_invalid', {
      detail: 'The development issuer does not start in profile 2c; name the real issuer in PTT_ISSUER_URL.',
    });
  }
  if (isLoopback(host)) return;
  throw new PttError('config_invalid', {
    detail: `The development issuer is for one machine and listens on loopback only; PTT_ISSUER_LISTEN says ${host}.`,
  });
}

/** An address, since a name may be resolved to any; `localhost` is loopback by RFC 6761. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function listenError(error: Error, { host, port }: IssuerServerOptions): Error {
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new PttError('port_in_use', {
    detail: `${host}:${port} is already in use; set PTT_ISSUER_LISTEN to another address.`,
    cause: error,
  });
}

async function answer(issuer: DevelopmentIssuer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const document = request.method === 'GET' ? await documentAt(request.url ?? '', issuer) : null;
    send(response, document === null ? 404 : 200, document ?? {});
  } catch {
    // The keys cannot be read; whoever asks keeps the last good set.
    send(response, 503, {});
  }
}

async function documentAt(path: string, issuer: DevelopmentIssuer): Promise<object | null> {
  switch (path) {
    case '/.well-known/jwks.json':
      return issuer.jwks();
    case '/.well-known/openid-configuration':
      return {
        issuer: issuer.url,
        jwks_uri: `${issuer.url}/.well-known/jwks.json`,
        id_token_signing_alg_values_supported: ['ES256'],
        response_types_supported: ['token'],
        subject_types_supported: ['public'],
      };
    default:
      return null;
  }
}

function send(response: ServerResponse, status: number, document: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
  response.end(JSON.stringify(document));
}
