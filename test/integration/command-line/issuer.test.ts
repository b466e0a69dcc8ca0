import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { isJsonObject, parseJson } from '#libs/kernel';
import { textOf } from '../../support/caller.ts';
import { RunningPlane } from '../../support/running-plane.ts';
import { environmentOf, ptt, type Ended } from './ptt.ts';

describe('ptt issuer rotate', () => {
  let plane: RunningPlane;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    plane = await RunningPlane.start();
    env = environmentOf(plane, await plane.token());
  });
  afterAll(() => plane.close());

  const kidOf = (token: string): string => decodeProtectedHeader(token).kid ?? '';
  const newToken = async (): Promise<string> => (await ptt(['token', '--sub', 'you'], env)).out;
  const list = (token: string): Promise<Ended> => ptt(['flags', 'list', '--token', token], env);

  it('has another key sign, and leaves the tokens of the one before as they are', async () => {
    const before = await newToken();
    await expect(list(before)).resolves.toMatchObject({ code: 0 });
    // The second key was published beside the first; the third is one that no service has heard of.
    for (const _ of [1, 2]) {
      const ended = await ptt(['issuer', 'rotate'], env);
      expect(ended).toMatchObject({ code: 0, err: '' });
      const after = await newToken();
      expect(ended.out).toContain(`Tokens are signed by key ${kidOf(after)} from now on`);
      await expect(list(after)).resolves.toMatchObject({ code: 0 });
      await expect(list(before)).resolves.toMatchObject({ code: 0 });
    }
    expect(kidOf(await newToken())).not.toBe(kidOf(before));
  });

  it('says as JSON which key signs, and until when the one before holds', async () => {
    const longest = (await ptt(['token', '--sub', 'you', '--ttl', '24h'], env)).out;
    const rotated = parseJson((await ptt(['issuer', 'rotate', '--json'], env)).out);
    if (!isJsonObject(rotated)) throw new Error('a JSON object is printed');
    expect(textOf(rotated['kid'])).toBe(kidOf(await newToken()));
    expect(Date.parse(textOf(rotated['previous_key_until']))).toBeGreaterThan(1_000 * (decodeJwt(longest).exp ?? 0));
  });

  it('needs the keys of an issuer that was started once', async () => {
    const ended = await ptt(['issuer', 'rotate'], { PTT_DATA_DIR: `${plane.dataDir}/nowhere` });
    expect(ended).toMatchObject({ code: 2, err: expect.stringContaining('keys.json is not there') });
  });
});
