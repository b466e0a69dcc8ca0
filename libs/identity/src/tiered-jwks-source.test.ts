import { beforeEach, describe, expect, it } from '@jest/globals';
import { ScriptedJwks } from './testing/index.ts';
import { type SharedTexts, type SharedTextWanted, TieredJwksSource } from './tiered-jwks-source.ts';

const JWKS = '{"keys":[]}';
const signal = new AbortController().signal;

/** Has one text for all keys, and says what was wanted of it. */
class OneText implements SharedTexts {
  text: string | null = null;
  readonly wanted: (readonly [string, number])[] = [];

  async read(key: string, { youngerThanMs, isWhole, load }: SharedTextWanted) {
    this.wanted.push([key, youngerThanMs]);
    if (this.text !== null && isWhole(this.text)) return { text: this.text, ageMs: 7 };
    this.text = await load();
    return { text: this.text, ageMs: 0 };
  }
}

let issuers: ScriptedJwks;
let shared: OneText;
let source: TieredJwksSource;
beforeEach(() => {
  issuers = new ScriptedJwks();
  shared = new OneText();
  source = new TieredJwksSource(issuers, shared, 'https://issuer.example/a b');
});

describe('a JWKS that replicas share', () => {
  it('stands under its issuer’s name, and brings its age', async () => {
    shared.text = JWKS;
    await expect(source.read(signal, 1_000)).resolves.toEqual({ text: JWKS, ageMs: 7 });
    expect(shared.wanted).toEqual([['ptt:ff:jwks:https%3A%2F%2Fissuer.example%2Fa%20b', 1_000]]);
    expect(issuers.reads).toBe(0);
  });

  it('is the issuer’s own where none is shared', async () => {
    await expect(source.read(signal, 1_000)).resolves.toEqual({ text: JWKS, ageMs: 0 });
    expect([issuers.asked, shared.text]).toEqual([[0], JWKS]);
  });

  it.each(['', '<html>', 'null', '[]', '{"keys":{}}'])('is not %j, whoever shares that', async (foreign) => {
    shared.text = foreign;
    await expect(source.read(signal, 1_000)).resolves.toEqual({ text: JWKS, ageMs: 0 });
  });

  it('is not what an issuer says that is out of its mind, and nobody else hears of that', async () => {
    issuers.next = '<html>';
    await expect(source.read(signal, 1_000)).rejects.toThrow('JSON');
    expect(shared.text).toBeNull();
  });

  it('is given up on when told', async () => {
    const giveUp = AbortSignal.abort(new Error('enough'));
    await expect(source.read(giveUp, 1_000)).rejects.toThrow('enough');
  });
});
