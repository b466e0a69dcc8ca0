import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isRecord } from '#libs/kernel';
import type { DiskWriter } from '#libs/platform';
import { FakeDisk } from '#libs/platform/testing';
import { ApprovalMachine } from '../testing/approval-machine.ts';
import { DUAL } from '../testing/samples.ts';
import { FINANCE, LEGAL, OTHER_LEGAL, StoreActs } from '../testing/store-acts.ts';

/** A disk whose acts end whenever the order of things wants. */
class RacingDisk extends FakeDisk {
  order: fc.Scheduler | null = null;

  override async openAppend(path: string): Promise<DiskWriter> {
    const writer = await super.openAppend(path);
    const turn = async (label: string): Promise<void> => {
      await this.order?.schedule(Promise.resolve(), label);
    };
    return {
      append: async (bytes) => {
        await turn('append');
        await writer.append(bytes);
      },
      sync: async () => {
        await writer.sync();
        await turn('sync');
      },
      truncate: (size) => writer.truncate(size),
      close: () => writer.close(),
    };
  }
}

const acts = fc.array(
  fc.constantFrom('issue', 'finance', 'legal', 'other legal', 'edit', 'withdraw', 'next revision', 'view'),
  { minLength: 4, maxLength: 18 },
);

describe('approvals on files, in whatever order the disk takes what people do at once', () => {
  it('keep every rule in every line, and show nothing that is not safe', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), acts, async (order, given) => {
        const disk = new RacingDisk();
        const machine = new ApprovalMachine(disk);
        const { approvals, files, lines } = await machine.open();
        const people = new StoreActs(approvals);
        const { id } = await people.issued();
        disk.order = order;
        let revision = 1;
        const seen: number[] = [];
        const does: Readonly<Record<string, () => Promise<unknown>>> = {
          issue: () => people.issue(),
          finance: () => people.sign(id, FINANCE, 'finance_gate', revision),
          legal: () => people.sign(id, LEGAL, 'legal_gate', revision),
          'other legal': () => people.sign(id, OTHER_LEGAL, 'legal_gate', revision),
          edit: () => people.edit(id, revision, `because of ${seen.length}`),
          withdraw: () => people.withdraw(id),
          'next revision': async () => void (revision += 1),
          view: async () => {
            const approval = await approvals.get(id);
            const { length } = lines;
            seen.push(approval?.version ?? 0);
            // What is read is on disk: no line that is not committed shows.
            const committed = lines.flatMap(({ changes }) => changes.map(({ version }) => version));
            expect([1, ...committed].slice(0, length + 1)).toContain(approval?.version);
          },
        };
        const running = given.map(async (act) => {
          await order.schedule(Promise.resolve(), act);
          await does[act]?.();
        });
        await order.waitIdle();
        await Promise.all(running);
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
        const states = new Map<string, unknown>();
        for (const { changes, records } of lines) {
          // A refused signature leaves a record too.
          expect(records).toHaveLength(Math.max(1, changes.length));
          for (const { key, row } of changes) {
            expect(['withdrawn', 'rejected']).not.toContain(states.get(key));
            if (!isRecord(row)) throw new Error('an approval is never taken away');
            states.set(key, row['state']);
            expect(faultsOf(row)).toEqual([]);
          }
        }
        const open = await approvals.page({ matrix_row: DUAL.matrix_row }, null, 50);
        expect(open.approvals.filter(({ state }) => state !== 'withdrawn').length).toBeLessThanOrEqual(1);
        disk.order = null;
        await files.close();
      }),
      { numRuns: 200 },
    );
  });
});

/** What must hold of every row by itself. */
function faultsOf(row: Readonly<Record<string, unknown>>): readonly string[] {
  const signatures = Array.isArray(row['signatures']) ? row['signatures'].filter(isRecord) : [];
  const counting = signatures.filter(({ revision }) => revision === row['revision']);
  const faults: string[] = [];
  if (new Set(counting.map(({ role }) => role)).size !== counting.length) faults.push('one role twice');
  if (new Set(counting.map(({ signer }) => signer)).size !== counting.length) faults.push('one person twice');
  if (counting.some(({ content_hash: hash }) => hash !== row['content_hash'])) faults.push('another content');
  if (row['state'] === 'signed_full' && counting.length !== 2) faults.push('full with one');
  return faults;
}
