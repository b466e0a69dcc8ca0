import { describe, expect, it } from '@jest/globals';
import type { BulkFlagAnswer } from '#libs/flags';
import { sampleAnswer } from '../testing/index.ts';
import { RequestReads } from '../watch/request-reads.ts';
import { World } from './world.ts';

function hashAfter(stated: Partial<BulkFlagAnswer>): string {
  const { watch, hash } = new World(1, { replicas: 1, admins: 1 });
  const reads = new RequestReads({ now: () => 0 });
  const subject = { tenantId: 'T-1', userId: null, context: {} };
  const evaluatedAt = '2026-01-01T00:00:00.000Z';
  watch.evaluated({ replica: 'ff-1', answer: sampleAnswer(stated), evaluatedAt, subject, reads });
  return hash.hex();
}

describe('the rolling hash of a world', () => {
  it('tells what flags answered, and why', () => {
    const [one, same] = [hashAfter({}), hashAfter({})];
    expect(same).toBe(one);
    expect(new Set([one, hashAfter({ variant: 'off' }), hashAfter({ reason: 'user_override' })]).size).toBe(3);
  });
});
