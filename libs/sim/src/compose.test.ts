import { describe, expect, it } from '@jest/globals';
import { ChainedRecorder, verifyChain } from '#libs/audit';
import {
  FileFlagStore,
  FileOverrideStore,
  FLAG_FILES,
  flagSnapshots,
  RegistryEdits,
  FLAGS_USE_CASES,
  FlagStore,
  OverrideStore,
  SeedFlags,
  ServiceFacts,
  SetOverride,
} from '#libs/flags';
import { type Origin, SCOPES } from '#libs/kernel';
import { FileStore } from '#libs/platform';
import { FakeDisk, FakeProcesses } from '#libs/platform/models';
import { Chance } from './chance.ts';
import { Composition } from './compose.ts';
import { SimDisk } from './models/sim-disk.ts';
import { SimIds } from './models/sim-ids.ts';
import { RollingHash } from './rolling-hash.ts';
import { Life } from './time/life.ts';
import { NodeTime, WallClock } from './time/node-time.ts';
import { VirtualTime } from './time/virtual-time.ts';

const REGISTRY = {
  flags: {
    'ff.example': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
  },
};

class Facts extends ServiceFacts {
  readonly replica = 'ff-1';
  readonly verification = 'verified';
  readonly backingState = 'file_backed';
}

const origin: Origin = {
  actor: { id: 'U-1', roles: [], scopes: new Set(SCOPES), tenants: null, verified: true, approvalRef: null },
  trace: { correlationId: 'c-1' },
};

/** One process of FF in virtual time, until `act` is done. */
async function run(seed: number, act: (ff: Awaited<ReturnType<typeof open>>) => Promise<unknown>) {
  const hash = new RollingHash();
  const chance = new Chance(seed);
  const time = new VirtualTime(chance.fork('ties'), hash);
  const machine = { disk: new FakeDisk(seed), life: new Life(), time, chance };
  let outcome: unknown = 'not done';
  void (async () => {
    outcome = await act(await open(machine));
  })().catch((error: unknown) => void (outcome = error));
  await time.runUntil(1_000, () => false);
  return { outcome, hash: hash.hex(), disk: machine.disk };
}

async function open(machine: { disk: FakeDisk; life: Life; time: VirtualTime; chance: Chance }) {
  const { life, time, chance } = machine;
  const clock = new NodeTime(time, life, new WallClock());
  const ids = new SimIds(chance.fork('ids'));
  const edits = new RegistryEdits();
  const files = await FileStore.open({
    tables: FLAG_FILES.tables,
    snapshots: flagSnapshots(edits),
    folder: '/data/ff',
    disk: new SimDisk(machine.disk, time, life, chance.fork('disk')),
    processes: new FakeProcesses(),
    recorder: new ChainedRecorder('/ptt/ff', ids),
    clock,
    scheduler: clock,
    ids,
    report: () => undefined,
  });
  const composition = new Composition()
    .provide(FlagStore, new FileFlagStore(files, edits))
    .provide(OverrideStore, new FileOverrideStore(files))
    .provide(ServiceFacts, new Facts());
  const dispatcher = composition.dispatcher(FLAGS_USE_CASES.filter(({ name }) => /^(Seed|SetO)/.test(name)));
  return { dispatcher, files, life, time };
}

async function setOverride({ dispatcher, files }: Awaited<ReturnType<typeof open>>): Promise<unknown> {
  await dispatcher.execute(new SeedFlags(REGISTRY, { tenant_overrides: [], user_overrides: [] }), origin);
  const key = { scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.example' } as const;
  const command = new SetOverride(key, { value: true }, 'a test', null, null);
  const { override } = await dispatcher.execute(command, origin);
  async function* records() {
    for await (const line of files.lines()) {
      for (const envelope of line.records) yield { source: envelope.event.source, envelope };
    }
  }
  return { variant: override?.variant, trail: await verifyChain(records(), [{ source: '/ptt/ff' }]) };
}

describe('production classes built by constructor', () => {
  it('run a command on files in virtual time, the same way twice', async () => {
    const first = await run(5, setOverride);
    expect(first.outcome).toMatchObject({ variant: 'on', trail: { kind: 'sound' } });
    expect((await run(5, setOverride)).hash).toBe(first.hash);
    expect((await run(6, setOverride)).hash).not.toBe(first.hash);
  });

  it('never go on once their process is dead', async () => {
    const { outcome, disk } = await run(5, async (ff) => {
      const { life, time } = ff;
      time.after(0.1, () => life.end());
      return setOverride(ff);
    });
    expect(outcome).toBe('not done');
    expect(disk.text('/data/ff/journal.log')).not.toContain('override.set');
  });

  it('say which port nobody plugged in', () => {
    expect(() => new Composition().dispatcher(FLAGS_USE_CASES.filter(({ name }) => name.startsWith('SetO')))).toThrow(
      'OverrideStore is plugged in for SetOverrideHandler',
    );
  });
});
