import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { ManualClock } from '#libs/platform/testing';
import { JwksSource, type JwksText } from '../jwks-source.ts';
import { ISSUER as url, keySet } from '../testing/index.ts';
import { VerifiedTokens } from '../verified-tokens.ts';
import { DevelopmentIssuer, type TokenRequest } from './development-issuer.ts';

const DAY = 86_400;
const REQUEST: TokenRequest = { subject: 'U-9', audience: 'ptt-ff', scopes: ['ff:read', 'ff:ops'], ttlSeconds: 600 };

class InProcess extends JwksSource {
  readonly issuer: DevelopmentIssuer;
  constructor(issuer: DevelopmentIssuer) {
    super();
    this.issuer = issuer;
  }
  async read(): Promise<JwksText> {
    return { text: JSON.stringify(await this.issuer.jwks()), ageMs: 0 };
  }
}

describe('the development issuer', () => {
  let folder = '';
  let clock: ManualClock;
  const open = () => DevelopmentIssuer.open({ folder, url, clock });
  const keysFile = () => join(folder, 'keys.json');

  beforeEach(async () => {
    clock = new ManualClock();
    folder = join(await mkdtemp(join(tmpdir(), 'ptt-issuer-')), 'issuer');
  });
  afterEach(async () => {
    await rm(join(folder, '..'), { recursive: true });
  });

  const readerOf = (issuer: DevelopmentIssuer) =>
    new VerifiedTokens(keySet(new InProcess(issuer), clock), clock, {
      issuer: url,
      audience: 'ptt-ff',
    });

  it('issues tokens that verify and say what was asked for', async () => {
    const issuer = await open();
    const token = await issuer.issue({
      ...REQUEST,
      audience: ['ptt-ff', 'ptt-admin'],
      roles: ['product_owner'],
      tenants: ['T-a'],
      approvalRef: 'APP-1',
    });
    await expect(readerOf(issuer).readToken(token)).resolves.toMatchObject({
      actor: {
        id: 'U-9',
        scopes: new Set(['ff:read', 'ff:ops']),
        roles: ['product_owner'],
        tenants: ['T-a'],
        approvalRef: 'APP-1',
        verified: true,
      },
    });
    const at = clock.now() / 1_000;
    expect(decodeJwt(token)).toMatchObject({ iss: url, aud: ['ptt-ff', 'ptt-admin'], iat: at, exp: at + 600 });
  });

  it('leaves out the claims that were not asked for', async () => {
    const claims = decodeJwt(await (await open()).issue(REQUEST));
    expect(Object.keys(claims).toSorted()).toEqual(['aud', 'exp', 'iat', 'iss', 'scope', 'sub']);
    expect(claims).toMatchObject({ scope: 'ff:read ff:ops', aud: 'ptt-ff' });
  });

  it.each([0, -1, 1.5, Number.NaN, DAY + 1])('issues none that lives %d s', async (ttlSeconds) => {
    const issuer = await open();
    await expect(issuer.issue({ ...REQUEST, ttlSeconds })).rejects.toMatchObject({ code: 'usage' });
  });

  it('issues one for a second and one for a day', async () => {
    const issuer = await open();
    await expect(issuer.issue({ ...REQUEST, ttlSeconds: 1 })).resolves.toContain('.');
    await expect(issuer.issue({ ...REQUEST, ttlSeconds: DAY })).resolves.toContain('.');
  });

  it('keeps its keys for its owner only, over a restart', async () => {
    const token = await (await open()).issue(REQUEST);
    const { mode } = await stat(keysFile());
    const { mode: folderMode } = await stat(folder);
    expect([mode & 0o777, folderMode & 0o777]).toEqual([0o600, 0o700]);
    await chmod(keysFile(), 0o644);
    const again = await open();
    await expect(readerOf(again).readToken(token)).resolves.toMatchObject({ actor: { id: 'U-9' } });
    expect((await stat(keysFile())).mode & 0o777).toBe(0o600);
    await expect(readdir(folder)).resolves.toEqual(['keys.json']);
  });

  it('has one set of keys when two processes start at once', async () => {
    const issuers = await Promise.all([open(), open(), open()]);
    const sets = await Promise.all(issuers.map((issuer) => issuer.jwks()));
    expect(sets[1]).toEqual(sets[0]);
    expect(sets[2]).toEqual(sets[0]);
    for (const issuer of issuers) {
      const token = await issuer.issue(REQUEST);
      await expect(readerOf(await open()).readToken(token)).resolves.toMatchObject({ actor: { verified: true } });
    }
    await expect(readdir(folder)).resolves.toEqual(['keys.json']);
  });

  it('publishes no private part', async () => {
    const { keys } = await (await open()).jwks();
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  it('serves another process that has the folder, and only where there are keys', async () => {
    await expect(DevelopmentIssuer.openExisting({ folder, url, clock })).rejects.toMatchObject({
      code: 'config_invalid',
    });
    const issuer = await open();
    const beside = await DevelopmentIssuer.openExisting({ folder, url, clock });
    await expect(readerOf(issuer).readToken(await beside.issue(REQUEST))).resolves.toMatchObject({
      actor: { id: 'U-9' },
    });
  });

  it.each([
    '',
    'null',
    '{}',
    '{"keys":[]}',
    '{"keys":[7]}',
    '{"keys":[{"kid":"k","state":"signing","retiredAt":null,"privateJwk":{}}]}',
  ])('refuses a damaged file and leaves it as it is: %s', async (text) => {
    await open();
    await writeFile(keysFile(), text);
    await expect(open()).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(readFile(keysFile(), 'utf8')).resolves.toBe(text);
  });

  it.each([
    ['state', '"signing"', '"asleep"'],
    ['kind', '"EC"', '"RSA"'],
    ['curve', '"P-256"', '"P-384"'],
    ['private part', '"d":', '"e":'],
    ['retirement', '"retiredAt": null', '"retiredAt": "now"'],
    ['name', '"kid": "', '"kid": 7, "was": "'],
  ])('refuses a key with a damaged %s', async (_, good, bad) => {
    await open();
    const text = await readFile(keysFile(), 'utf8');
    expect(text).toContain(good);
    await writeFile(keysFile(), text.replace(good, bad));
    await expect(open()).rejects.toMatchObject({ code: 'config_invalid' });
  });
});

describe('a rotation of the development issuer', () => {
  let folder = '';
  let clock: ManualClock;
  let issuer: DevelopmentIssuer;
  beforeEach(async () => {
    clock = new ManualClock();
    folder = await mkdtemp(join(tmpdir(), 'ptt-issuer-'));
    issuer = await DevelopmentIssuer.open({ folder, url, clock });
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';
  const published = async (): Promise<string[]> => (await issuer.jwks()).keys.map(({ kid }) => kid ?? '');

  it('signs with a key that verifiers knew before, so no good token is refused and nobody asks', async () => {
    let reads = 0;
    const source = new (class extends InProcess {
      override read(): Promise<JwksText> {
        reads++;
        return super.read();
      }
    })(issuer);
    const keys = keySet(source, clock);
    const tokens = new VerifiedTokens(keys, clock, { issuer: url, audience: 'ptt-ff' });
    const before = await issuer.issue(REQUEST);
    await tokens.readToken(before);
    await issuer.rotate();
    const after = await issuer.issue(REQUEST);
    expect(kidOf(after)).not.toBe(kidOf(before));
    await expect(tokens.readToken(after)).resolves.toMatchObject({ actor: { verified: true } });
    expect(tokens.readToken(before)).toMatchObject({ actor: { verified: true } });
    expect(reads).toBe(1);
  });

  it('publishes the old key until its last token has expired, and not much longer', async () => {
    const old = kidOf(await issuer.issue(REQUEST));
    await issuer.rotate();
    await expect(published()).resolves.toHaveLength(3);
    await clock.advance(DAY * 1_000 + 59_999);
    await expect(published()).resolves.toContain(old);
    await clock.advance(1);
    await expect(published()).resolves.not.toContain(old);
    await issuer.rotate();
    const text = await readFile(join(folder, 'keys.json'), 'utf8');
    expect(text).not.toContain(old);
    await expect(published()).resolves.toHaveLength(3);
  });

  it('is seen by a process beside it', async () => {
    const beside = await DevelopmentIssuer.openExisting({ folder, url, clock });
    await beside.rotate();
    expect(kidOf(await issuer.issue(REQUEST))).toBe(kidOf(await beside.issue(REQUEST)));
    await expect(issuer.jwks()).resolves.toEqual(await beside.jwks());
    expect((await stat(join(folder, 'keys.json'))).mode & 0o777).toBe(0o600);
    await expect(readdir(folder)).resolves.toEqual(['keys.json']);
  });
});
