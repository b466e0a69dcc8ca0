import { describe, expect, it } from '@jest/globals';
import { type AuditEntry, systemActor } from '#libs/kernel';
import { BY, ENTRY } from '../testing/sample.ts';
import { type AuditSource, eventOf, type RecordedBy } from './event.ts';

function eventFrom(entry: AuditEntry, by: RecordedBy, source: AuditSource = '/ptt/ff') {
  return eventOf(entry, by, { id: 'id-1', source });
}

describe('the event of an entry', () => {
  it('is a CloudEvents event, with nothing of the token but id, roles and whether it was verified', () => {
    const event = eventFrom(ENTRY, BY);
    expect(event).toEqual({
      specversion: '1.0',
      id: 'id-1',
      source: '/ptt/ff',
      type: 'ptt.audit.override.set',
      subject: 'flag/ff.example',
      time: '2026-11-22T21:06:38.000Z',
      datacontenttype: 'application/json',
      data: {
        actor: { id: 'U-9', roles: ['product_owner'], verified: true },
        tenant_id: 'T-pty',
        action: 'override.set',
        target: { type: 'flag', id: 'ff.example' },
        before: null,
        after: { value: true, count: 1e21 },
        outcome: 'accepted',
        reason: 'rollout',
        approval_ref: 'APP-100001-x',
        correlation_id: 'c-1',
        causation_id: 'c-0',
      },
    });
  });

  it('leaves out what an entry does not say', () => {
    const by = { actor: systemActor('foreign_edit'), trace: { correlationId: 'c-2' }, at: BY.at };
    const entry: AuditEntry = {
      action: 'registry.reloaded',
      target: { type: 'registry', id: 'r' },
      outcome: 'refused',
    };
    expect(eventFrom(entry, by, '/ptt/admin')).toMatchObject({ source: '/ptt/admin', subject: 'registry/r' });
    expect(eventFrom(entry, by)['data']).toStrictEqual({
      actor: { id: 'foreign_edit', roles: [], verified: false },
      action: 'registry.reloaded',
      target: { type: 'registry', id: 'r' },
      outcome: 'refused',
      correlation_id: 'c-2',
    });
  });

  it('refuses to record an evaluation context', () => {
    const after = { context: { email: 'someone@example.org' } };
    expect(() => eventFrom({ ...ENTRY, after }, BY)).toThrow('an evaluation context is never recorded');
    expect(() => eventFrom({ ...ENTRY, before: after }, BY)).toThrow('an evaluation context is never recorded');
    expect(eventFrom({ ...ENTRY, after: 'context' }, BY)['data']).toMatchObject({ after: 'context' });
  });
});
