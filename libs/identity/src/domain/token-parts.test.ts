import { describe, expect, it } from '@jest/globals';
import { openToken } from './token-parts.ts';

const encoded = (text: string | Buffer): string => Buffer.from(text).toString('base64url');
const HEAD = encoded('{"alg":"ES256","kid":"k-1"}');
const PAYLOAD = encoded('{"sub":"Zoë"}');

describe('a token', () => {
  it('has a header, and claims for whoever asks for them', () => {
    const token = openToken(`${HEAD}.${PAYLOAD}.c2ln`);
    expect(token?.header).toEqual({ alg: 'ES256', kid: 'k-1' });
    expect(token?.payload()).toEqual({ sub: 'Zoë' });
  });

  it('may have an empty signature, which is for others to refuse', () => {
    expect(openToken(`${HEAD}.${PAYLOAD}.`)?.header).toEqual({ alg: 'ES256', kid: 'k-1' });
  });

  it.each([
    ['nothing', ''],
    ['no dots', HEAD],
    ['two parts', `${HEAD}.${PAYLOAD}`],
    ['four parts', `${HEAD}.${PAYLOAD}.c2ln.c2ln`],
    ['no header', `.${PAYLOAD}.c2ln`],
    ['a header that is no JSON', `${encoded('{')}.${PAYLOAD}.c2ln`],
    ['a header that is a list', `${encoded('[]')}.${PAYLOAD}.c2ln`],
    ['a header that is null', `${encoded('null')}.${PAYLOAD}.c2ln`],
    ['a header that is not UTF-8', `${encoded(Buffer.from('{"kid":"\xff"}', 'latin1'))}.${PAYLOAD}.c2ln`],
  ])('is none with %s', (_what, text) => {
    expect(openToken(text)).toBeNull();
  });

  it.each([
    ['', 'nothing'],
    [encoded('7'), 'no object'],
    [encoded('{"sub":'), 'no JSON'],
    [encoded(Buffer.from('{"sub":"\xff"}', 'latin1')), 'no UTF-8'],
  ])('has no claims in %s, which is %s', (payload) => {
    expect(openToken(`${HEAD}.${payload}.c2ln`)?.payload()).toBeNull();
  });
});
