import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type BulkFlagAnswer,
  type Flag,
  type HeldOverride,
  heldOverride,
  type Override,
  overrideCacheKey,
} from '#libs/flags';
import { sampleFlag, sampleOverride } from '#libs/flags/testing';
import { World } from '../run/world.ts';
import { sampleAnswer } from '../testing/index.ts';
import { RequestReads } from '../watch/request-reads.ts';
import type { Evaluated, InputRead } from '../watch/seen.ts';
import { PrecedenceHolds } from './i09-precedence.ts';

const OVERRIDE = sampleOverride({ flag_key: 'ff.plain', expires_at: '2026-01-01T00:01:00.000Z' });
const KEY = overrideCacheKey(OVERRIDE);
const ROW_KEY = 'tenant:T-1:ff.plain';

let found: string[];
let checker: PrecedenceHolds;
let world: World;
beforeEach(() => {
  found = [];
  world = new World(1, { replicas: 1, admins: 1 });
  checker = new PrecedenceHolds(world, ({ detail }) => void found.push(detail));
  commit(2, OVERRIDE);
});

function commit(version: number, row: Override | Flag | null, table = 'override', key = ROW_KEY): void {
  const changes = [{ key, version, row }];
  const line = { line: version, table, at: 0, version, changes, records: [], messages: [] };
  world.ledger.committed({ store: 'ff', line, at: version, isFound: false });
}

function read(version: number, value: HeldOverride | null, key = KEY): void {
  const told: Omit<InputRead, 'version' | 'value' | 'key'> = {
    replica: 'ff-1',
    namespace: 'override',
    cache: 'hit',
    isInProcess: true,
    askedAt: 9,
    beganAt: 9,
    endedAt: 9,
  };
  checker.read({ ...told, key, version, value });
}

describe('I9, of what is read', () => {
  it('takes what was committed under its version, as often as it is read', () => {
    const copy = heldOverride({ ...OVERRIDE });
    read(2, copy);
    read(2, copy);
    commit(3, null);
    read(3, null);
    read(0, null, `${KEY}.other`);
    expect([found, checker.checks]).toEqual([[], 4]);
  });

  it.each([
    ['without its end', 2, heldOverride({ ...OVERRIDE, expires_at: null })],
    ['with another end than its row’s', 2, { override: OVERRIDE, endsAt: Infinity }],
    ['with another variant', 2, heldOverride({ ...OVERRIDE, variant: 'off' })],
    ['under a version that there is not', 3, heldOverride({ ...OVERRIDE, version: 3 })],
    ['as gone', 2, null],
    ['as never there', 1, null],
  ])('finds an override that is read %s', (_what, version, value) => {
    read(version, value);
    expect(found).toEqual([expect.stringContaining(`version ${version} was read as`)]);
  });

  it('finds one that was right under its version, and is read under the next', () => {
    const kept = heldOverride({ ...OVERRIDE });
    read(2, kept);
    commit(3, { ...OVERRIDE, variant: 'off', version: 3 });
    read(3, kept);
    expect(found).toHaveLength(1);
  });
});

describe('I9, of what is answered', () => {
  const answer = sampleAnswer();
  const { meta } = answer;
  const subject = { tenantId: 'T-1', userId: null, context: {} };
  const NOW = '2026-01-01T00:00:30.000Z';
  let reads: RequestReads;

  beforeEach(() => {
    commit(1, sampleFlag({ key: 'ff.plain' }), 'flag', 'ff.plain');
    reads = readAt(NOW);
  });

  function readAt(instant: string): RequestReads {
    const noted = new RequestReads({ now: () => Date.parse(instant) });
    noted.note({ layer: 'flag', flagKey: 'ff.plain', subjectId: null, key: 'ptt:ff:flag:ff.plain' }, 1);
    noted.note({ layer: 'tenant', flagKey: 'ff.plain', subjectId: 'T-1', key: KEY }, 2);
    return noted;
  }

  const evaluated = (stated: Partial<BulkFlagAnswer>, told: Partial<Evaluated> = {}): void =>
    checker.evaluated({
      replica: 'ff-1',
      answer: { ...answer, ...stated },
      evaluatedAt: NOW,
      subject,
      reads,
      ...told,
    });

  it('takes what precedence gives for the rows that were read', () => {
    evaluated({});
    expect(found).toEqual([]);
  });

  it('takes a denial for what it is, as long as its chain says the rest', () => {
    const denied = { ...meta, gate: { matrix_row: 'row', decision: 'deny' as const } };
    evaluated({ enabled: false, value: false, variant: 'off', reason: 'approval_missing', meta: denied });
    expect(found).toEqual([]);
    const [user, , targeting, rest] = meta.chain;
    evaluated({ meta: { ...denied, chain: [user, { layer: 'tenant_override', outcome: 'absent' }, targeting, rest] } });
    expect(found).toHaveLength(1);
  });

  it.each<[string, Partial<BulkFlagAnswer>]>([
    ['another variant', { variant: 'off' }],
    ['another value', { value: false }],
    ['on as off', { enabled: false }],
    ['another reason', { reason: 'registry_default' }],
    ['another version', { meta: { ...meta, flag_version: 7 } }],
  ])('finds an answer with %s', (_what, stated) => {
    evaluated(stated);
    expect(found).toHaveLength(1);
  });

  it('finds an override that had ended by then', () => {
    const end = '2026-01-01T00:01:00.000Z';
    evaluated({}, { reads: readAt(end), evaluatedAt: end });
    expect(found).toEqual([expect.stringContaining('"reason":"registry_default"')]);
  });

  it('finds an answer of another instant than its reads, or for another subject', () => {
    evaluated({}, { evaluatedAt: '2026-01-01T00:00:31.000Z' });
    evaluated({}, { subject: { ...subject, tenantId: 'T-2' } });
    evaluated({}, { subject: { ...subject, userId: 'U-1' } });
    expect(found).toEqual([
      expect.stringContaining('when nothing was read'),
      expect.stringContaining('without its flag or an override'),
      expect.stringContaining('without its flag or an override'),
    ]);
  });
});
