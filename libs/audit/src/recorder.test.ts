import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { validators } from '#libs/contracts';
import { systemActor } from '#libs/kernel';
import { SequentialIds } from '#libs/platform/testing';
import { GENESIS, hashOf } from './domain/envelope.ts';
import { ChainedRecorder } from './recorder.ts';
import { BY, ENTRY } from './testing/sample.ts';

const recorder = (source: '/ptt/ff' | '/ptt/admin' = '/ptt/ff') => new ChainedRecorder(source, new SequentialIds());

describe('ChainedRecorder', () => {
  it('gives every event an id of its own', () => {
    const one = recorder();
    expect(one.event(ENTRY, BY).id).not.toBe(one.event(ENTRY, BY).id);
  });

  it('refuses an action outside the closed set', () => {
    expect(() => recorder().event({ ...ENTRY, action: 'override.moved' }, BY)).toThrow(
      'override.moved is an action of contracts/audit/actions.json',
    );
  });

  it('hashes the canonical bytes of event, sequence and prev_hash', () => {
    const event = recorder().event(
      { action: 'override.removed', target: { type: 'flag', id: 'é' }, outcome: 'accepted', after: { z: 1, a: 0.1 } },
      { actor: systemActor('operator'), trace: { correlationId: 'c' }, at: BY.at },
    );
    const canonical =
      '{"event":{"data":{"action":"override.removed","actor":{"id":"operator","roles":[],"verified":false},' +
      '"after":{"a":0.1,"z":1},"correlation_id":"c","outcome":"accepted","target":{"id":"é","type":"flag"}},' +
      `"datacontenttype":"application/json","id":"${event.id}","source":"/ptt/ff","specversion":"1.0",` +
      '"subject":"flag/é","time":"2026-11-22T21:06:38.000Z","type":"ptt.audit.override.removed"},' +
      `"prev_hash":"${'0'.repeat(64)}","sequence":1}`;
    const first = recorder().chain(event, GENESIS);
    expect(first).toEqual({
      event,
      sequence: 1,
      prev_hash: '0'.repeat(64),
      hash: createHash('sha256').update(canonical, 'utf8').digest('hex'),
      sink_status: 'deferred',
    });
  });

  it('links each record to the one before', () => {
    const one = recorder();
    const first = one.chain(one.event(ENTRY, BY), GENESIS);
    const second = one.chain(one.event(ENTRY, BY), first);
    expect([second.sequence, second.prev_hash]).toEqual([2, first.hash]);
    expect(second.hash).toBe(hashOf(second.event, 2, first.hash));
    expect(second.hash).not.toBe(first.hash);
  });

  it('makes what the schema of a record allows, chained or in a preview', () => {
    const one = recorder('/ptt/admin');
    const event = one.event(ENTRY, BY);
    expect(validators.envelopeV1.faultsOf(one.chain(event, GENESIS))).toEqual([]);
    const preview = { event, sequence: null, prev_hash: null, hash: null, sink_status: 'deferred' };
    expect(validators.envelopeV1.faultsOf(preview)).toEqual([]);
  });
});
