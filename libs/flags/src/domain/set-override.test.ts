import { describe, expect, it } from '@jest/globals';
import { PttError } from '#libs/kernel';
import { PlainTransaction } from '../testing/plain-transaction.ts';
import { sampleFlag, sampleOverride } from '../testing/samples.ts';
import type { Override } from './override.ts';
import { decideRemoveOverride } from './remove-override.ts';
import { decideSetOverride, type OverrideRequest, type OverrideState } from './set-override.ts';

const AT = '2026-01-01T00:00:00.000Z';
const KEY = { scope: 'tenant', subject_id: 'T-1', flag_key: 'ff.sample' } as const;

function request(stated: Partial<OverrideRequest> = {}): OverrideRequest {
  return {
    key: KEY,
    choice: { value: true },
    reason: 'a trial',
    expiresAt: null,
    ifMatch: null,
    setBy: 'u-1',
    ...stated,
  };
}

function state(override: Override | null = null): OverrideState {
  return { flag: sampleFlag(), override };
}

const decide = (stated: Partial<OverrideRequest> = {}, from: OverrideState = state()) =>
  decideSetOverride(from, request(stated), new PlainTransaction());

function refusal(run: () => unknown): Partial<PttError> {
  try {
    run();
  } catch (error) {
    if (error instanceof PttError) return { code: error.code, pointer: error.pointer };
  }
  throw new Error('it was not refused');
}

describe('setting an override', () => {
  it('writes row, record and message with one version and one instant', () => {
    const row = { ...KEY, variant: 'on', reason: 'a trial', expires_at: null, set_by: 'u-1', set_at: AT, version: 101 };
    expect(decide()).toEqual({
      answer: row,
      changes: [{ key: 'tenant:T-1:ff.sample', version: 101, row }],
      records: [
        {
          action: 'override.set',
          target: { type: 'override', id: 'tenant:T-1:ff.sample' },
          tenantId: 'T-1',
          after: row,
          reason: 'a trial',
          outcome: 'accepted',
        },
      ],
      messages: [
        {
          channel: 'ptt.ff.invalidate',
          payload: {
            v: 1,
            event_id: 'id-1',
            namespace: 'override',
            trigger: 'override_mutation',
            occurred_at: AT,
            source: '/ptt/ff',
            key: 'ptt:ff:override:tenant:T-1:ff.sample',
            version: 101,
          },
        },
      ],
    });
  });

  it('percent-encodes the parts of its keys', () => {
    const key = { scope: 'user', subject_id: 'a:b/ü', flag_key: 'ff.sample' } as const;
    const { changes, messages, records } = decide({ key });
    expect(changes[0]?.key).toBe('user:a%3Ab%2F%C3%BC:ff.sample');
    expect(messages[0]?.payload['key']).toBe('ptt:ff:override:user:a%3Ab%2F%C3%BC:ff.sample');
    expect(records[0]).not.toHaveProperty('tenantId');
  });

  it('records what was there before', () => {
    const before = sampleOverride({ variant: 'off', version: 7 });
    expect(decide({}, state(before)).records[0]).toMatchObject({ before, after: { variant: 'on', version: 101 } });
  });

  it('takes a variant by name or by value', () => {
    expect(decide({ choice: { variant: 'off' } }).answer.variant).toBe('off');
    expect(decide({ choice: { value: false } }).answer.variant).toBe('off');
  });

  it('writes nothing when it is already just that', () => {
    const override = sampleOverride({ expires_at: '2027-01-01T00:00:00.000Z' });
    const same = decide({ choice: { variant: 'on' }, expiresAt: '2027-01-01T01:00:00+01:00' }, state(override));
    expect(same).toEqual({ answer: override, changes: [], records: [], messages: [] });
    expect(same.answer).toBe(override);
  });

  it.each<[string, Partial<OverrideRequest>]>([
    ['variant', { choice: { value: false } }],
    ['reason', { reason: 'another' }],
    ['end', { expiresAt: '2027-01-01T00:00:00Z' }],
  ])('writes when the %s differs', (_what, stated) => {
    expect(decide(stated, state(sampleOverride())).changes).toHaveLength(1);
  });

  it('writes when an end is taken away', () => {
    const override = sampleOverride({ expires_at: '2027-01-01T00:00:00.000Z' });
    expect(decide({}, state(override)).answer.expires_at).toBeNull();
  });

  it('keeps an end as an instant in UTC', () => {
    expect(decide({ expiresAt: '2026-06-01T02:00:00.123456+02:00' }).answer.expires_at).toBe(
      '2026-06-01T00:00:00.123Z',
    );
  });

  it('is refused for a flag that does not exist', () => {
    expect(refusal(() => decide({}, { flag: null, override: null }))).toEqual({
      code: 'flag_not_found',
      pointer: '#/path/flag_key',
    });
  });

  it.each([
    [{ value: 'true' }, '/value'],
    [{ value: 1 }, '/value'],
    [{ variant: 'On' }, '/variant'],
    [{ variant: 'toString' }, '/variant'],
  ])('is refused for %j, which is no variant', (choice, pointer) => {
    expect(refusal(() => decide({ choice }))).toEqual({ code: 'value_not_a_variant', pointer });
  });

  it.each([
    [AT, 'expiry_in_past'],
    ['2025-12-31T23:59:59.999Z', 'expiry_in_past'],
    ['2026-02-30T00:00:00Z', 'invalid_field'],
    ['tomorrow', 'invalid_field'],
  ])('is refused with the end %s as %s', (expiresAt, code) => {
    expect(refusal(() => decide({ expiresAt }))).toEqual({ code, pointer: '/expires_at' });
  });

  it('may end a millisecond from now', () => {
    expect(decide({ expiresAt: '2026-01-01T00:00:00.001Z' }).changes).toHaveLength(1);
  });

  it('is made at the version that the caller saw', () => {
    expect(decide({ ifMatch: 7 }, state(sampleOverride({ version: 7, reason: 'old' }))).changes).toHaveLength(1);
    const stale = { code: 'version_mismatch', pointer: '#/header/If-Match' };
    expect(refusal(() => decide({ ifMatch: 6 }, state(sampleOverride({ version: 7 }))))).toEqual(stale);
    expect(refusal(() => decide({ ifMatch: 7 }))).toEqual(stale);
  });

  it('that is already just that is still refused at another version', () => {
    expect(refusal(() => decide({ ifMatch: 1 }, state(sampleOverride({ version: 7 })))).code).toBe('version_mismatch');
  });

  it('names in its refusals what to do', () => {
    expect(() => decide({ ifMatch: 1 }, state(sampleOverride({ version: 7 })))).toThrow(/at version 7/);
    expect(() => decide({ ifMatch: 1 })).toThrow(/there is no such override/);
    expect(() => decide({ choice: { value: 3 } })).toThrow('ff.sample has no such variant; it has on, off.');
    expect(() => decide({}, { flag: null, override: null })).toThrow('"ff.sample"');
    expect(() => decide({ expiresAt: 'tomorrow' })).toThrow(
      '"expires_at" must be an RFC 3339 date-time, e.g. 2027-01-31T00:00:00Z.',
    );
    expect(() => decide({ expiresAt: '2025-12-31T00:00:00Z' })).toThrow(
      `The override would have ended at 2025-12-31T00:00:00.000Z, and it is ${AT}. Give a later expires_at or none.`,
    );
  });

  it('names at most 20 variants', () => {
    const names = Array.from({ length: 21 }, (_, n) => `v${n}`);
    const flag = sampleFlag({ variants: Object.fromEntries(names.map((name) => [name, name])) });
    expect(() => decide({}, { flag, override: null })).toThrow(`it has ${names.slice(0, 20).join(', ')}.`);
  });
});

describe('removing an override', () => {
  const remove = (override: Override | null, ifMatch: number | null = null) =>
    decideRemoveOverride(override, { key: KEY, ifMatch }, new PlainTransaction());

  it('leaves a tombstone with a version of its own', () => {
    const before = sampleOverride({ version: 7 });
    expect(remove(before, 7)).toEqual({
      answer: null,
      changes: [{ key: 'tenant:T-1:ff.sample', version: 101, row: null }],
      records: [
        {
          action: 'override.removed',
          target: { type: 'override', id: 'tenant:T-1:ff.sample' },
          tenantId: 'T-1',
          before,
          outcome: 'accepted',
        },
      ],
      messages: [
        expect.objectContaining({ payload: expect.objectContaining({ trigger: 'override_mutation', version: 101 }) }),
      ],
    });
  });

  it('that is not there writes nothing', () => {
    expect(remove(null)).toEqual({ answer: null, changes: [], records: [], messages: [] });
  });

  it('is refused at another version, and when it is not there', () => {
    expect(refusal(() => remove(sampleOverride({ version: 7 }), 8)).code).toBe('version_mismatch');
    expect(refusal(() => remove(null, 7)).code).toBe('version_mismatch');
  });
});
