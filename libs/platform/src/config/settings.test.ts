import { describe, expect, it } from '@jest/globals';
import { assert, constantFrom, dictionary, property, string, stringMatching, uniqueArray } from 'fast-check';
import { type Environment, readSettings } from './settings.ts';
import { SETTINGS } from './table.ts';
import { pointersOf, refusalOf } from './testing/refusal.ts';

const sourceOf = (env: Environment, name: string): string | undefined =>
  readSettings(env).lines.find((line) => line.name === name)?.source;

describe('settings', () => {
  it('are the simulation’s when nothing is set', () => {
    expect(readSettings({}).settings).toEqual({
      profile: 'sim',
      store: 'file',
      cache: 'memory',
      bus: 'memory',
      gate: 'http',
      gateReuseMs: 5_000,
      adminUrl: 'http://127.0.0.1:7081',
      ffServiceTokenFile: null,
      audit: 'deferred',
      ffVerifyMode: 'verified',
      adminVerifyMode: 'verified',
      issuerListen: { host: '127.0.0.1', port: 7082 },
      issuerUrl: 'http://127.0.0.1:7082',
      jwksUrl: 'http://127.0.0.1:7082/.well-known/jwks.json',
      signing: 'on',
      dataDir: '.data',
      ffListen: { host: '127.0.0.1', port: 7080 },
      adminListen: { host: '127.0.0.1', port: 7081 },
      replica: '1',
      logLevel: 'info',
      token: null,
    });
  });

  it('are those of today in profile 2b', () => {
    expect(readSettings({ PTT_PROFILE: '2b' }).settings).toMatchObject({
      profile: '2b',
      gate: 'modelled',
      ffVerifyMode: 'decode-only',
      adminVerifyMode: 'decode-only',
      signing: 'read-only',
    });
  });

  it('let a layer’s own setting win over the profile', () => {
    const env = { PTT_PROFILE: '2b', PTT_GATE: 'http', FF_VERIFY_MODE: 'verified', PTT_SIGNING: 'on' };
    expect(readSettings(env).settings).toMatchObject({
      gate: 'http',
      ffVerifyMode: 'verified',
      signing: 'on',
      adminVerifyMode: 'decode-only',
    });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(readSettings({}).settings)).toBe(true);
  });

  it('say for each where it came from, in the order of the table', () => {
    const { lines } = readSettings({ PTT_BUS: 'memory' });
    expect(lines.map(({ name }) => name)).toEqual(Object.values(SETTINGS).map(({ name }) => name));
    expect(sourceOf({ PTT_BUS: 'memory' }, 'PTT_BUS')).toBe('environment');
    expect(sourceOf({}, 'PTT_BUS')).toBe('default');
    expect(sourceOf({}, 'PTT_GATE')).toBe('profile');
    expect(sourceOf({}, 'PTT_ADMIN_URL')).toBe('derived');
    expect(sourceOf({ PTT_ADMIN_URL: 'http://a' }, 'PTT_ADMIN_URL')).toBe('environment');
  });

  it('show each as it could be set, with its unit', () => {
    const { lines } = readSettings({ PTT_ADMIN_LISTEN: '[::1]:9' });
    const valueOf = (name: string): string | undefined => lines.find((line) => line.name === name)?.value;
    expect(valueOf('PTT_ADMIN_LISTEN')).toBe('[::1]:9');
    expect(valueOf('PTT_ADMIN_URL')).toBe('http://[::1]:9');
    expect(valueOf('PTT_FF_SERVICE_TOKEN_FILE')).toBe('');
    expect(lines.find(({ name }) => name === 'PTT_GATE_REUSE_MS')).toMatchObject({ value: '5000', unit: 'ms' });
  });

  it('never show a secret', () => {
    const { settings, lines } = readSettings({ PTT_TOKEN: 'a.b.c' });
    expect(settings.token).toBe('a.b.c');
    expect(JSON.stringify(lines)).not.toContain('a.b.c');
    expect(lines.find(({ name }) => name === 'PTT_TOKEN')?.value).toBe('***');
    expect(refusalOf({ PTT_TOKEN: 'two words' }).message).not.toContain('two words');
  });

  it('follow one another: the issuer’s keys are where the issuer is', () => {
    expect(readSettings({ PTT_ISSUER_LISTEN: '127.0.0.1:9' }).settings.jwksUrl).toBe(
      'http://127.0.0.1:9/.well-known/jwks.json',
    );
    expect(readSettings({ PTT_ISSUER_URL: 'https://id.example/' }).settings).toMatchObject({
      issuerUrl: 'https://id.example',
      jwksUrl: 'https://id.example/.well-known/jwks.json',
    });
    expect(readSettings({ PTT_ADMIN_LISTEN: '0.0.0.0:9' }).settings.adminUrl).toBe('http://127.0.0.1:9');
  });
});

describe('variables of others', () => {
  it.each([
    'PTT_FF_SERVICE_HOST',
    'PTT_FF_SERVICE_PORT',
    'PTT_FF_SERVICE_PORT_HTTP',
    'PTT_FF_PORT',
    'PTT_FF_PORT_7080_TCP',
    'PTT_FF_PORT_7080_TCP_PROTO',
    'PTT_FF_PORT_7080_TCP_PORT',
    'PTT_FF_PORT_7080_TCP_ADDR',
  ])('are passed over: %s', (name) => {
    expect(readSettings({ [name]: 'tcp://10.0.0.1:7080' }).settings.profile).toBe('sim');
  });

  it('are passed over when they do not begin as ours do', () => {
    assert(
      property(
        dictionary(
          string().filter((name) => !/^PTT_|^(FF|ADMIN)_VERIFY_MODE$/.test(name)),
          string(),
        ),
        (env) => {
          expect(readSettings(env).settings).toEqual(readSettings({}).settings);
        },
      ),
    );
  });

  it('are not mistaken for a misspelling of ours', () => {
    expect(pointersOf({ PTT_FF_SERVICE_TOKEN_FIEL: 'a' })).toEqual(['#/env/PTT_FF_SERVICE_TOKEN_FIEL']);
  });
});

describe('any environment', () => {
  const strange = stringMatching(/^PTT_[A-Z]{1,20}$/).filter(
    (name) => !Object.values(SETTINGS).some((row) => row.name === name) && !name.endsWith('_PORT'),
  );

  it('is read, or refused with one fault for each strange name', () => {
    assert(
      property(uniqueArray(strange, { minLength: 1, maxLength: 8 }), string(), (names, value) => {
        const env = Object.fromEntries(names.map((name) => [name, value]));
        expect(pointersOf(env)).toEqual(names.map((name) => `#/env/${name}`));
      }),
    );
  });

  it('reads back what it shows', () => {
    const env = {
      PTT_PROFILE: '2b',
      PTT_FF_LISTEN: '[::1]:1',
      PTT_GATE_REUSE_MS: '7',
      PTT_DATA_DIR: '/a b',
      PTT_LOG_LEVEL: 'silent',
    };
    assert(
      property(constantFrom({}, env), (chosen) => {
        const { settings, lines } = readSettings(chosen);
        const shown = Object.fromEntries(
          lines.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
        );
        expect(readSettings(shown).settings).toEqual(settings);
      }),
    );
  });
});
