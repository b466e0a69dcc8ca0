import { describe, expect, it } from '@jest/globals';
import { ApprovalCheck } from '#libs/approvals';
import { Relay } from '#libs/bus';
import { MemoryTier } from '#libs/cache';
import { Reuse } from '#libs/gate';
import type { Decision, Origin } from '#libs/kernel';
import { type PendingRows, ReplicaWrites, type StoreTransaction, type Table } from '#libs/platform';
import { overlaid } from '../bugs/bug.ts';
import { ModelledSignatures } from '../models/modelled-signatures.ts';
import { run, type RunOptions } from './run.ts';
import type { World } from './world.ts';

const SHORT: RunOptions = { seed: 7, replicas: 2, faults: 'none', forMs: 65_000 };

const PLANTED = new TypeError('planted');

function fail(): never {
  throw PLANTED;
}

/** Exceptions in places where production takes each for an outage, or goes on without a word. */
const THROWN: Readonly<Record<string, () => () => void>> = {
  'Admin, as it is asked': () =>
    overlaid(
      ApprovalCheck,
      class extends ApprovalCheck {
        override async check(): Promise<never> {
          return fail();
        }
      },
    ),
  'the gate, as it keeps an answer': () =>
    overlaid(
      Reuse,
      class extends Reuse {
        override keep(): void {
          fail();
        }
      },
    ),
  'the cache, as it shares an entry': () =>
    overlaid(
      MemoryTier,
      class extends MemoryTier {
        override async fill(): Promise<never> {
          return fail();
        }
      },
    ),
  'a relay, as it hands a message over': () =>
    overlaid(
      Relay,
      class extends Relay {
        protected override async handOver(): Promise<never> {
          return fail();
        }
      },
    ),
  'a key set, as it takes a key out of the issuer’s': () =>
    overlaid(
      ModelledSignatures,
      class extends ModelledSignatures {
        override keyOf(): never {
          return fail();
        }
      },
    ),
  'a store, as denials are recorded': () =>
    overlaid(
      ReplicaWrites,
      class extends ReplicaWrites {
        override async commit<Row, Answer>(
          table: Table<Row>,
          origin: Origin,
          decide: (rows: PendingRows<Row>, tx: StoreTransaction) => Decision<Row, Answer>,
        ): Promise<Answer> {
          return super.commit(table, origin, origin.actor.id === 'gate' ? fail : decide);
        }
      },
    ),
};

/** What a disk never does in a world, and somebody who looks on and fails. */
const SEEN: Readonly<Record<string, (world: World) => void>> = {
  'a snapshot that cannot be written': ({ topology }) => topology.ffMachine.disk.fail('rename', /registry/),
  'a journal that cannot be written': ({ topology, time }) =>
    void time.after(20_000, () => topology.adminMachine.disk.fail('sync', /journal/)),
  'whoever is told of a commit': ({ watch }) => watch.add({ committed: fail }),
};

describe('an exception', () => {
  it.each(Object.keys(THROWN))('in %s ends the run', async (place) => {
    const plant = THROWN[place] ?? fail;
    const bug = { id: 'thrown', invariant: 'exception', what: 'It throws.', tests: [], plant };
    const { exception } = await run({ ...SHORT, bug });
    expect(exception?.error).toBe(PLANTED);
  });

  it.each(Object.keys(SEEN))('of %s ends the run', async (what) => {
    const { exception, violation } = await run({ ...SHORT, observe: SEEN[what] ?? fail });
    expect([String(exception?.error), violation]).toEqual([expect.stringMatching(/planted|EIO/), null]);
  });
});
