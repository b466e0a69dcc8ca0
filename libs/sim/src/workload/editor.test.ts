import { describe, expect, it } from '@jest/globals';
import { Chance } from '../chance.ts';
import { edited } from './editor.ts';

describe('an edit by hand', () => {
  it('turns one value on or off', () => {
    const text = '{ "flags": [{ "defaultVariant": "on" }] }';
    const off = '{ "flags": [{ "defaultVariant": "off" }] }';
    expect([edited(text, new Chance(1)), edited(off, new Chance(1))]).toEqual([off, text]);
  });

  it.each(['{ "variant": "on", ', '["variant": "on"]', '{}'])(
    'leaves as it is what has nothing to turn: %s',
    (text) => {
      expect(edited(text, new Chance(1))).toBe(text);
    },
  );
});
