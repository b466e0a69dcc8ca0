import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Decision, PttError, unchanged } from '#libs/kernel';
import type { Flag } from '../domain/flag.ts';
import { decideRegistryChange } from '../domain/import-registry.ts';
import type { Override, OverrideKey } from '../domain/override.ts';
import { decideRemoveOverride } from '../domain/remove-override.ts';
import { decideSetOverride } from '../domain/set-override.ts';
import type { FlagStore } from '../ports/flag-store.ts';
import type { OverrideStore } from '../ports/override-store.ts';
import { sampleDefinition, sampleOrigin } from './samples.ts';

/** Stores under test, freshly made and empty. */
export interface StoresUnderTest {
  readonly flags: FlagStore;
  readonly overrides: OverrideStore;
  /** The same stores as another process would open them after this one ended. */
  reopen(): Promise<StoresUnderTest>;
  close(): Promise<void>;
}

const ORIGIN = sampleOrigin();
const TENANT: OverrideKey = { scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.a' };
const USER: OverrideKey = { scope: 'user', subject_id: 'T-1', flag_key: 'ff.a' };

/** What every adapter of `FlagStore` and `OverrideStore` must do alike. */
export function storesContract(name: string, make: () => Promise<StoresUnderTest>): void {
  describe(`stores of flags and overrides: ${name}`, () => {
    let stores: StoresUnderTest;

    beforeEach(async () => {
      stores = await make();
    });
    afterEach(() => stores.close());

    const define = (...keys: readonly string[]): Promise<unknown> => {
      const found = keys.map((key) => sampleDefinition({ key }));
      return stores.flags.changeRegistry(ORIGIN, (flags, tx) =>
        decideRegistryChange(flags, { found, prune: true, action: 'registry.imported' }, tx),
      );
    };
    const set = (key: OverrideKey, variant: string, expiresAt: string | null = null): Promise<Override> => {
      const request = { key, choice: { variant }, reason: 'why', expiresAt, ifMatch: null, setBy: 'u-1' };
      return stores.overrides.change(key, ORIGIN, (state, tx) => decideSetOverride(state, request, tx));
    };
    const remove = (key: OverrideKey): Promise<null> =>
      stores.overrides.change(key, ORIGIN, ({ override }, tx) =>
        decideRemoveOverride(override, { key, ifMatch: null }, tx),
      );

    it('has nothing at first', async () => {
      expect(await stores.flags.list()).toEqual([]);
      expect((await stores.flags.read('ff.a')).value).toBeNull();
      expect((await stores.overrides.read('ff.a', 'tenant', 'T-1')).value).toBeNull();
      expect(await stores.overrides.list({ flagKey: 'ff.a' })).toEqual([]);
      expect(await stores.flags.isUntouched()).toBe(true);
      expect(await stores.overrides.isUntouched()).toBe(true);
    });

    it('gives flags back by key, and all of them in the order of their keys', async () => {
      await define('ff.b', 'ff.a', 'ff.a.z', 'ff.B');
      expect((await stores.flags.read('ff.b')).value?.variants).toEqual({ on: true, off: false });
      expect((await stores.flags.list()).map(({ key }) => key)).toEqual(['ff.B', 'ff.a', 'ff.a.z', 'ff.b']);
    });

    it('lists what is there now, not what was there at an earlier call', async () => {
      await define('ff.a');
      expect(await stores.flags.list()).toHaveLength(1);
      await define('ff.a', 'ff.b');
      expect(await stores.flags.list()).toHaveLength(2);
      await define('ff.b');
      expect((await stores.flags.list()).map(({ key }) => key)).toEqual(['ff.b']);
      expect((await stores.flags.read('ff.a')).value).toBeNull();
    });

    it('stays touched when everything is removed again', async () => {
      await define('ff.a');
      expect(await stores.flags.isUntouched()).toBe(false);
      expect(await stores.overrides.isUntouched()).toBe(true);
      await set(TENANT, 'on');
      await remove(TENANT);
      await define();
      expect(await stores.flags.isUntouched()).toBe(false);
      expect(await stores.overrides.isUntouched()).toBe(false);
    });

    it('gives the version of a row, of the tombstone that is left of it, and of what there never was, now and later', async () => {
      await define('ff.a', 'ff.b');
      const { version } = await set(TENANT, 'on');
      expect(await stores.overrides.read('ff.a', 'tenant', 'T-1')).toMatchObject({ version });
      await remove(TENANT);
      await define('ff.a');
      for (const one of [stores, (stores = await stores.reopen())]) {
        const gone = await one.overrides.read('ff.a', 'tenant', 'T-1');
        const removed = await one.flags.read('ff.b');
        expect([gone, removed]).toEqual([
          { value: null, version: version + 1 },
          { value: null, version: version + 2 },
        ]);
        expect(await one.overrides.read('ff.a', 'user', 'T-1')).toEqual({ value: null, version: 0 });
        expect(await one.flags.read('ff.never')).toEqual({ value: null, version: 0 });
      }
    });

    it('keeps tenant and user overrides of the same id apart', async () => {
      await define('ff.a');
      await set(TENANT, 'on');
      expect((await stores.overrides.read('ff.a', 'user', 'T-1')).value).toBeNull();
      await set(USER, 'off');
      expect((await stores.overrides.read('ff.a', 'tenant', 'T-1')).value?.override.variant).toBe('on');
      expect((await stores.overrides.read('ff.a', 'user', 'T-1')).value?.override.variant).toBe('off');
    });

    it('gives an override with the instant at which it ends', async () => {
      await define('ff.a');
      await set(TENANT, 'on', '2030-01-01T00:00:00Z');
      expect((await stores.overrides.read('ff.a', 'tenant', 'T-1')).value?.endsAt).toBe(Date.UTC(2030, 0, 1));
      await set(USER, 'on');
      expect((await stores.overrides.read('ff.a', 'user', 'T-1')).value?.endsAt).toBe(Infinity);
    });

    it('lists overrides by flag, by tenant and by user, in the order of their keys', async () => {
      await define('ff.a', 'ff.b');
      const other: OverrideKey = { scope: 'tenant', subject_id: 'T-0', flag_key: 'ff.a' };
      const second: OverrideKey = { scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.b' };
      for (const key of [second, USER, TENANT, other]) await set(key, 'on');
      const subjects = (list: readonly Override[]): readonly string[] =>
        list.map(({ scope, subject_id, flag_key }) => `${scope} ${subject_id} ${flag_key}`);
      expect(subjects(await stores.overrides.list({ flagKey: 'ff.a' }))).toEqual([
        'tenant T-0 ff.a',
        'tenant T-1 ff.a',
        'user T-1 ff.a',
      ]);
      expect(subjects(await stores.overrides.list({ scope: 'tenant', subjectId: 'T-1' }))).toEqual([
        'tenant T-1 ff.a',
        'tenant T-1 ff.b',
      ]);
      expect(subjects(await stores.overrides.list({ scope: 'user', subjectId: 'T-1' }))).toEqual(['user T-1 ff.a']);
    });

    it('takes ids that would run into each other when joined', async () => {
      await define('ff.a');
      const keys = ['a:b', 'a%3Ab', 'a/b', 'ä ü', '..'].map((subject_id): OverrideKey => ({
        scope: 'tenant',
        subject_id,
        flag_key: 'ff.a',
      }));
      for (const key of keys) await set(key, 'on');
      await remove({ scope: 'tenant', subject_id: 'a:b', flag_key: 'ff.a' });
      expect((await stores.overrides.read('ff.a', 'tenant', 'a:b')).value).toBeNull();
      for (const { subject_id } of keys.slice(1)) {
        expect((await stores.overrides.read('ff.a', 'tenant', subject_id)).value?.override.subject_id).toBe(subject_id);
      }
    });

    it('hands a decision the flag and the override as they are', async () => {
      await define('ff.a');
      const before = await set(TENANT, 'on');
      const flag = (await stores.flags.read('ff.a')).value;
      const state = await stores.overrides.change(TENANT, ORIGIN, (found) => unchanged(found));
      expect(state).toEqual({ flag, override: before });
      const none = await stores.overrides.change({ ...USER, flag_key: 'ff.z' }, ORIGIN, (found) => unchanged(found));
      expect(none).toEqual({ flag: null, override: null });
    });

    it('draws rising versions for both kinds, never one twice', async () => {
      await define('ff.a', 'ff.b');
      const first = await set(TENANT, 'on');
      await remove(TENANT);
      const second = await set(TENANT, 'on');
      await define('ff.a', 'ff.b', 'ff.c');
      const versions = [
        ...(await stores.flags.list()).filter(({ key }) => key !== 'ff.c').map(({ version }) => version),
        first.version,
        second.version - 1,
        second.version,
        (await stores.flags.read('ff.c')).value?.version ?? 0,
      ];
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(new Set(versions).size).toBe(versions.length);
    });

    it('lets only one of two changes through that both saw the same version', async () => {
      await define('ff.a');
      const { version } = await set(TENANT, 'on');
      const change = (variant: string): Promise<Override> => {
        const request = {
          key: TENANT,
          choice: { variant },
          reason: 'race',
          expiresAt: null,
          ifMatch: version,
          setBy: 'u',
        };
        return stores.overrides.change(TENANT, ORIGIN, (state, tx) => decideSetOverride(state, request, tx));
      };
      const results = await Promise.allSettled([change('off'), change('on')]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    it('changes nothing when the decision throws', async () => {
      await define('ff.a');
      const refuse = (): Decision<Override, null> => {
        throw new PttError('version_mismatch', { detail: 'no' });
      };
      await expect(stores.overrides.change(TENANT, ORIGIN, refuse)).rejects.toMatchObject({ code: 'version_mismatch' });
      expect(await stores.overrides.list({ flagKey: 'ff.a' })).toEqual([]);
    });

    it('changes many overrides at once, with the flags at hand', async () => {
      await define('ff.a');
      await set(TENANT, 'on');
      const seen = await stores.overrides.changeAll(ORIGIN, (overrides, flags) =>
        unchanged([[...overrides.values()].map(({ variant }) => variant), [...flags.values()].map(({ key }) => key)]),
      );
      expect(seen).toEqual([['on'], ['ff.a']]);
    });

    it('finds everything again after it was opened anew', async () => {
      await define('ff.a', 'ff.b');
      await set(TENANT, 'on', '2030-01-01T00:00:00Z');
      await set(USER, 'off');
      await remove(USER);
      const flags: readonly Flag[] = await stores.flags.list();
      const held = (await stores.overrides.read('ff.a', 'tenant', 'T-1')).value;
      stores = await stores.reopen();
      expect(await stores.flags.list()).toEqual(flags);
      expect((await stores.overrides.read('ff.a', 'tenant', 'T-1')).value).toEqual(held);
      expect((await stores.overrides.read('ff.a', 'user', 'T-1')).value).toBeNull();
      const again = await set(USER, 'on');
      expect(again.version).toBeGreaterThan((held?.override.version ?? 0) + 2);
    });

    it('can be looked at and read again where nobody else wrote', async () => {
      await define('ff.a');
      await stores.flags.look();
      expect(await stores.flags.reread(new Set())).toEqual({ kind: 'read' });
      expect(await stores.flags.list()).toHaveLength(1);
    });
  });
}
