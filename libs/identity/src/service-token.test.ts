import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { ManualClock } from '#libs/platform/testing';
import { DevelopmentIssuer } from './development-issuer/development-issuer.ts';
import { FileServiceToken, MintedServiceToken } from './service-token.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ptt-token-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a minted service token', () => {
  const request = { subject: 'ff', audience: 'ptt-admin', scopes: ['admin:check', 'admin:read'] };

  async function setUp() {
    const clock = new ManualClock();
    const issuer = await DevelopmentIssuer.open({
      folder: join(folder, 'issuer'),
      url: 'http://127.0.0.1:7082',
      clock,
    });
    return { clock, service: new MintedServiceToken(issuer, clock, request) };
  }

  it('is for Admin, for ten minutes', async () => {
    const { clock, service } = await setUp();
    const at = clock.now() / 1_000;
    expect(decodeJwt(await service.current())).toEqual({
      iss: 'http://127.0.0.1:7082',
      sub: 'ff',
      aud: 'ptt-admin',
      scope: 'admin:check admin:read',
      iat: at,
      exp: at + 600,
    });
  });

  it('is the same for eight minutes, and minted once for all who ask', async () => {
    const { clock, service } = await setUp();
    const tokens = await Promise.all([service.current(), service.current(), service.current()]);
    await clock.advance(479_999);
    expect(new Set([...tokens, await service.current()]).size).toBe(1);
    await clock.advance(1);
    expect(await service.current()).not.toBe(tokens[0]);
  });

  it('is minted again when the clock went back behind its beginning', async () => {
    const { clock, service } = await setUp();
    const first = await service.current();
    clock.step(-1_000);
    expect(await service.current()).not.toBe(first);
  });

  it('is tried again after it could not be minted', async () => {
    const { clock, service } = await setUp();
    await service.current();
    await rename(join(folder, 'issuer', 'keys.json'), join(folder, 'keys'));
    await clock.advance(480_000);
    await expect(service.current()).rejects.toMatchObject({ code: 'config_invalid' });
    await rename(join(folder, 'keys'), join(folder, 'issuer', 'keys.json'));
    await expect(service.current()).resolves.toContain('.');
  });
});

describe('a service token in a file', () => {
  it('is read without the blanks around it, and again when it changed', async () => {
    const path = join(folder, 'token');
    const service = new FileServiceToken(path);
    await writeFile(path, ' first.token\n');
    expect([await service.current(), await service.current()]).toEqual(['first.token', 'first.token']);
    await writeFile(path, 'another.token');
    await expect(service.current()).resolves.toBe('another.token');
  });

  it('is read anew when another file takes its place, as long as the one before', async () => {
    const path = join(folder, 'token');
    const service = new FileServiceToken(path);
    await writeFile(path, 'token.one');
    await service.current();
    await writeFile(`${path}.new`, 'token.two');
    await rename(`${path}.new`, path);
    await expect(service.current()).resolves.toBe('token.two');
  });

  it('is the last good one while the file is away or holds no token', async () => {
    const path = join(folder, 'token');
    const service = new FileServiceToken(path);
    await writeFile(path, 'good.token');
    await service.current();
    await writeFile(path, 'no token at all');
    await expect(service.current()).resolves.toBe('good.token');
    await rm(path);
    await expect(service.current()).resolves.toBe('good.token');
    await writeFile(path, 'new.token');
    await expect(service.current()).resolves.toBe('new.token');
  });

  it.each(['', '\n', 'a b', 'a\nb', 'x'.repeat(8_193)])('is none as %j', async (text) => {
    const path = join(folder, 'token');
    await writeFile(path, text);
    await expect(new FileServiceToken(path).current()).rejects.toThrow('PTT_FF_SERVICE_TOKEN_FILE');
  });

  it('is none where there is no file', async () => {
    await expect(new FileServiceToken(join(folder, 'absent')).current()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
