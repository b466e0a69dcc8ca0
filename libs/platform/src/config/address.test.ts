import { describe, expect, it } from '@jest/globals';
import { assert, integer, ipV4, ipV6, oneof, property, stringMatching } from 'fast-check';
import { formatListenAddress, isLoopback, parseListenAddress, urlOf } from './address.ts';

const hosts = oneof(ipV4(), ipV6(), stringMatching(/^[a-z][a-z0-9-]{0,20}(\.[a-z]{2,5})?$/));

describe('an address to listen on', () => {
  it('is read as it is written', () => {
    assert(
      property(hosts, integer({ min: 0, max: 65_535 }), (host, port) => {
        expect(parseListenAddress(formatListenAddress({ host, port }))).toEqual({ host, port });
      }),
    );
  });

  it('makes a URL that a client can call', () => {
    assert(
      property(hosts, integer({ min: 1, max: 65_535 }), (host, port) => {
        const url = urlOf({ host, port });
        expect(URL.canParse(url)).toBe(true);
        expect(url).not.toMatch(/\/\/(?:0\.0\.0\.0|\[::\]):/);
      }),
    );
  });

  it.each([
    '',
    '7080',
    ':7080',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '1.2.3:80',
    '256.1.1.1:80',
    '::1:7080',
    '[127.0.0.1]:1',
    '[::g]:1',
    'a b:1',
    'a:-1',
    'a:1 ',
    'a:1e3',
    'http://a:1',
  ])('is not %j', (text) => {
    expect(parseListenAddress(text)).toBeNull();
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['128.0.0.1', false],
    ['127.0.0.1.example.com', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
