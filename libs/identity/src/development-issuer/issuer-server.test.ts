import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '#libs/platform/testing';
import { HttpJwksSource } from '../jwks-source.ts';
import { keySet } from '../testing/index.ts';
import { VerifiedTokens } from '../verified-tokens.ts';
import { DevelopmentIssuer } from './development-issuer.ts';
import { IssuerServer } from './issuer-server.ts';

describe('the issuer’s server', () => {
  const OPTIONS = { host: '127.0.0.1', port: 0, profile: 'sim', isRehearsal: false };
  const url = 'http://127.0.0.1:7082';
  const clock = new ManualClock();
  const started: IssuerServer[] = [];
  let folder = '';
  let issuer: DevelopmentIssuer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ptt-issuer-'));
    issuer = await DevelopmentIssuer.open({ folder, url, clock });
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.close()));
    await rm(folder, { recursive: true, force: true });
  });

  async function start(more: Partial<typeof OPTIONS> = {}): Promise<IssuerServer> {
    const server = await IssuerServer.start(issuer, { ...OPTIONS, ...more });
    started.push(server);
    return server;
  }
  const at = (server: IssuerServer, path: string) => `http://127.0.0.1:${server.port}${path}`;

  it('serves keys that verify what the issuer signed', async () => {
    const source = new HttpJwksSource(at(await start(), '/.well-known/jwks.json'));
    const keys = keySet(source, clock);
    const tokens = new VerifiedTokens(keys, clock, { issuer: url, audience: 'ptt-ff' });
    const token = await issuer.issue({ subject: 'U-9', audience: 'ptt-ff', scopes: [], ttlSeconds: 60 });
    await expect(tokens.readToken(token)).resolves.toMatchObject({ actor: { id: 'U-9', verified: true } });
  });

  it('says who it is and where its keys are', async () => {
    const response = await fetch(at(await start(), '/.well-known/openid-configuration'));
    expect(response.headers.get('content-type')).toBe('application/json');
    await expect(response.json()).resolves.toMatchObject({
      issuer: url,
      jwks_uri: `${url}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['ES256'],
    });
  });

  it.each([
    ['GET', '/'],
    ['GET', '/keys.json'],
    ['POST', '/.well-known/jwks.json'],
    ['POST', '/token'],
  ])('has nothing at %s %s', async (method, path) => {
    const response = await fetch(at(await start(), path), { method });
    expect([response.status, await response.text()]).toEqual([404, '{}']);
  });

  it('answers 503 when its keys cannot be read', async () => {
    const server = await start();
    await rm(folder, { recursive: true });
    const response = await fetch(at(server, '/.well-known/jwks.json'));
    expect([response.status, await response.text()]).toEqual([503, '{}']);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '192.168.1.1', 'example.com', '127.evil.example', '1270.0.0.1', ''])(
    'refuses to listen on %j',
    async (host) => {
      await expect(start({ host })).rejects.toMatchObject({ code: 'config_invalid' });
    },
  );

  it.each(['127.0.0.1', '127.0.0.2', 'localhost'])('listens on %s', async (host) => {
    expect((await start({ host })).port).toBeGreaterThan(0);
  });

  it('refuses to start in profile 2c but for a rehearsal', async () => {
    await expect(start({ profile: '2c' })).rejects.toMatchObject({ code: 'config_invalid' });
    expect((await start({ profile: '2c', isRehearsal: true })).port).toBeGreaterThan(0);
    await expect(start({ profile: '2c', isRehearsal: true, host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });

  it('names its setting when the port is in use', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toMatchObject({ code: 'port_in_use' });
    await expect(start({ port })).rejects.toThrow(`127.0.0.1:${port} is already in use; set PTT_ISSUER_LISTEN`);
  });

  it('says what else kept it from listening', async () => {
    await expect(start({ port: 70_000 })).rejects.toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' });
  });
});
