import { describe, expect, it } from '@jest/globals';
import { type Environment, readSettings } from './settings.ts';
import { pointersOf, refusalOf } from './testing/refusal.ts';

describe('a setting that does not hold', () => {
  it.each<[string, Environment, string]>([
    ['an unknown value', { PTT_STORE: 'files' }, 'PTT_STORE: "files" is not known here; set one of file'],
    ['no value', { PTT_STORE: '' }, 'PTT_STORE: "" is not known here; set one of file'],
    [
      'an inherited name',
      { PTT_GATE: 'constructor' },
      'PTT_GATE: "constructor" is not known here; set one of modelled, http',
    ],
    ['postgres', { PTT_STORE: 'postgres' }, 'PTT_STORE: postgres is not built yet in this version; only file is'],
    ['pglite', { PTT_STORE: 'pglite' }, 'PTT_STORE: pglite is not built yet in this version; only file is'],
    ['redis as cache', { PTT_CACHE: 'redis' }, 'PTT_CACHE: redis is not built yet in this version; none, memory are'],
    ['redis as bus', { PTT_BUS: 'redis' }, 'PTT_BUS: redis is not built yet in this version; only memory is'],
    ['delivery', { PTT_AUDIT: 'delivered' }, 'PTT_AUDIT: delivered is not built yet in this version; only deferred is'],
    [
      'the console',
      { PTT_CONSOLE_LISTEN: '127.0.0.1:7083' },
      'PTT_CONSOLE_LISTEN: the console is not built yet in this version; leave it out',
    ],
    ['an unknown profile', { PTT_PROFILE: '3a' }, 'PTT_PROFILE: "3a" is not known here; set one of 2b, sim'],
    ['a misspelt name', { PTT_STROE: 'file' }, 'PTT_STROE is not known; did you mean PTT_STORE?'],
    [
      'a name of its own',
      { PTT_WHATEVER_ELSE: '1' },
      'PTT_WHATEVER_ELSE is not known; `ptt config` lists every variable',
    ],
    [
      'too long a reuse',
      { PTT_GATE_REUSE_MS: '30001' },
      'PTT_GATE_REUSE_MS: "30001" is not a whole number from 0 to 30000 (ms)',
    ],
    [
      'half a millisecond',
      { PTT_GATE_REUSE_MS: '0.5' },
      'PTT_GATE_REUSE_MS: "0.5" is not a whole number from 0 to 30000 (ms)',
    ],
    [
      'a time with a unit',
      { PTT_GATE_REUSE_MS: '5s' },
      'PTT_GATE_REUSE_MS: "5s" is not a whole number from 0 to 30000 (ms)',
    ],
    [
      'an open issuer',
      { PTT_ISSUER_LISTEN: '0.0.0.0:7082' },
      'PTT_ISSUER_LISTEN: 0.0.0.0 is not loopback; the development issuer listens on loopback only',
    ],
    [
      'a shared address',
      { PTT_ADMIN_LISTEN: '127.0.0.1:7080' },
      'PTT_ADMIN_LISTEN: 127.0.0.1:7080 is already given to PTT_FF_LISTEN',
    ],
    [
      'a URL with a password',
      { PTT_ADMIN_URL: 'http://a:b@c' },
      'PTT_ADMIN_URL: is no http or https URL without credentials, query and fragment',
    ],
    [
      'a file URL',
      { PTT_JWKS_URL: 'file:///etc/passwd' },
      'PTT_JWKS_URL: is no http or https URL without credentials, query and fragment',
    ],
    [
      'a replica with a slash',
      { PTT_REPLICA: 'a/b' },
      'PTT_REPLICA: is not 1 to 32 letters, digits, dots, hyphens and underscores',
    ],
  ])('is refused: %s', (_what, env, detail) => {
    const [name] = Object.keys(env);
    expect(refusalOf(env)).toMatchObject({ code: 'config_invalid', message: detail, pointer: `#/env/${name ?? ''}` });
  });

  it.each(['0', '30000'])('may be as short or long as its bounds: %s ms', (text) => {
    expect(readSettings({ PTT_GATE_REUSE_MS: text }).settings.gateReuseMs).toBe(Number(text));
  });

  it('may share port 0, which stands for any', () => {
    const env = { PTT_FF_LISTEN: '127.0.0.1:0', PTT_ADMIN_LISTEN: '127.0.0.1:0', PTT_ISSUER_LISTEN: '127.0.0.1:0' };
    expect(readSettings(env).settings.ffListen.port).toBe(0);
  });

  it('refuses profile 2c as a whole, with every layer it lacks', () => {
    const { message, faults } = refusalOf({ PTT_PROFILE: '2c', PTT_STORE: 'file' });
    expect(faults.map(({ pointer }) => pointer)).toEqual(['#/env/PTT_PROFILE']);
    for (const layer of ['PTT_STORE=postgres', 'PTT_CACHE=redis', 'PTT_BUS=redis', 'PTT_AUDIT=delivered']) {
      expect(message).toContain(layer);
    }
  });

  it('is named with every other at once', () => {
    expect(
      pointersOf({
        PTT_X_Y_Z: '1',
        PTT_BUS: 'redis',
        PTT_FF_LISTEN: 'x',
        FF_VERIFY_MODE: 'maybe',
        PTT_CONSOLE_LISTEN: 'a:1',
      }).toSorted(),
    ).toEqual([
      '#/env/FF_VERIFY_MODE',
      '#/env/PTT_BUS',
      '#/env/PTT_CONSOLE_LISTEN',
      '#/env/PTT_FF_LISTEN',
      '#/env/PTT_X_Y_Z',
    ]);
  });
});
