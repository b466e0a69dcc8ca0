import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { validators } from '#libs/contracts';
import { type Fault, type JsonValue, LIMITS } from '#libs/kernel';
import { SequentialIds } from '#libs/platform/testing';
import { readOverrides, readRegistry } from '../ports/documents.ts';
import { deny } from '../domain/gate-decision.ts';
import { registryDocument } from '../domain/registry-document.ts';
import { overrideMessage } from '../domain/set-override.ts';
import { by, FlagService } from '../testing/flag-service.ts';
import { parseJson } from '../testing/parse-json.ts';
import { PlainTransaction } from '../testing/plain-transaction.ts';
import { sampleActor, sampleAsker, SEEDING } from '../testing/samples.ts';
import { InvalidateCache, InvalidateCacheHandler } from './invalidate-cache.ts';
import { GetFlag, GetFlagHandler, ListFlags, ListFlagsHandler } from './list-flags.ts';
import { ListOverrides, ListOverridesHandler } from './list-overrides.ts';
import { ReloadRegistry, ReloadRegistryHandler } from './reload-registry.ts';
import { RolloutSurfacesHandler } from './rollout-surfaces.ts';
import { SeedFlags, SeedFlagsHandler } from './seed-flags.ts';

const SOUND: readonly Fault[] = [];
const FIRST = { cursor: null, limit: null };
const fixture = (file: string): JsonValue => parseJson(readFileSync(`fixtures/${file}`, 'utf8'));

let service: FlagService;
beforeAll(async () => {
  service = await FlagService.open();
  const { flags, overrides } = service.files;
  const seed = new SeedFlags(fixture('registry/registry.json'), fixture('override_examples.json'));
  await new SeedFlagsHandler(flags, overrides).execute(by(seed, SEEDING));
});
afterAll(() => service.close());

describe('the shipped fixtures', () => {
  it('are a registry and overrides of it that hold', () => {
    const registry = readRegistry(fixture('registry/registry.json'));
    expect(service.files.flags.list()).toHaveLength(registry.length);
    for (const { flag_key, scope, subject_id } of readOverrides(fixture('override_examples.json'))) {
      expect(service.files.overrides.read(flag_key, scope, subject_id).value?.override.set_by).toBe('seed');
    }
  });
});

describe('what is answered, written and published', () => {
  const subject = { tenantId: 'T-pty', userId: 'U-9', context: {} };

  it('for overrides whose ids are at their limits is as its contract says', () => {
    // Three bytes of UTF-8 for one UTF-16 unit: the most that percent-encoding can make of it.
    const key = {
      scope: 'tenant',
      subject_id: '\u20ac'.repeat(LIMITS.subjectIdLength),
      flag_key: '\u20ac'.repeat(LIMITS.flagKeyLength),
    } as const;
    const { payload } = overrideMessage(new PlainTransaction(), key, 7);
    const event_id = new SequentialIds().uuidV7(0);
    expect(validators.pttFfInvalidateV1.faultsOf({ ...payload, event_id })).toEqual(SOUND);
  });

  it('by an evaluation of each flag is as its contract says', async () => {
    service.gate.decide('ff.fixture.ase_06', { ...deny('approval_stale'), ttl_state: 'stale', operator_alert: true });
    for (const { key } of service.files.flags.list()) {
      const answer = await service.evaluateFlag.execute(key, subject, sampleAsker());
      expect(validators.evaluateAnswer.faultsOf(answer)).toEqual(SOUND);
    }
  });

  it('by a bulk evaluation is as its contract says', async () => {
    const keys = [...service.files.flags.list().map(({ key }) => key), 'ff.gone'];
    const { body } = await service.evaluateFlags.execute(keys, subject, sampleAsker());
    expect(body.flags).toHaveLength(keys.length);
    expect(validators.bulkAnswer.faultsOf(body)).toEqual(SOUND);
  });

  it('by the queries is as their contracts say', async () => {
    const { flags, overrides } = service.files;
    const { clock } = service.machine;
    const list = await new ListFlagsHandler(flags, clock).execute(new ListFlags(FIRST));
    expect(validators.flagList.faultsOf(list)).toEqual(SOUND);
    const flag = await new GetFlagHandler(flags, clock).execute(new GetFlag('ff.example'));
    expect(validators.flagAnswer.faultsOf(flag)).toEqual(SOUND);
    const filter = { scope: 'user', subjectId: 'U-9' } as const;
    const found = await new ListOverridesHandler(overrides, flags).execute(
      new ListOverrides(filter, sampleActor(), FIRST),
    );
    expect(found.overrides).toHaveLength(1);
    expect(validators.overrideList.faultsOf(found)).toEqual(SOUND);
    const surfaces = await new RolloutSurfacesHandler(flags).execute();
    expect(surfaces.surfaces).toHaveLength(5);
    expect(validators.surfaceList.faultsOf(surfaces)).toEqual(SOUND);
  });

  it('by changes is as their contracts say, and so is every message', async () => {
    const { flags } = service.files;
    const key = { scope: 'tenant', subject_id: 'T ü', flag_key: 'ff.example' } as const;
    expect(validators.overrideAnswer.faultsOf(await service.set(key, { value: true }, '2027-01-01T00:00:00Z'))).toEqual(
      SOUND,
    );
    const reloaded = await new ReloadRegistryHandler(
      flags,
      { rows: () => Promise.resolve('unreachable') },
      service.facts,
    ).execute(by(new ReloadRegistry()));
    expect(validators.reloadAnswer.faultsOf(reloaded)).toEqual(SOUND);
    const invalidate = new InvalidateCacheHandler(flags, service.facts);
    for (const scope of [{}, { flag: 'ff.example' }, { tenant: 'T' }, { user: 'U' }]) {
      const answer = await invalidate.execute(by(new InvalidateCache(null, scope)));
      expect(validators.invalidateAnswer.faultsOf(answer)).toEqual(SOUND);
    }
    expect(service.files.messages().length).toBeGreaterThan(10);
    for (const message of service.files.messages())
      expect(validators.pttFfInvalidateV1.faultsOf(message)).toEqual(SOUND);
  });

  it('in both files is as their contracts say', async () => {
    await service.machine.clock.advance(1_000);
    const registry = parseJson((await service.machine.read('registry.json')) ?? '');
    expect(validators.registry.faultsOf(registry)).toEqual(SOUND);
    expect(registry).toMatchObject(registryDocument(service.files.flags.list()));
    const overrides = parseJson((await service.machine.read('override_examples.json')) ?? '');
    expect(validators.overrideExamples.faultsOf(overrides)).toEqual(SOUND);
  });
});
