import { describe, expect, it } from '@jest/globals';
import { previewEnvelope } from './preview.ts';

describe('previewEnvelope', () => {
  it('has no place in a chain', () => {
    const event = { id: 'x', source: '/ptt/ff', data: {} };
    expect(previewEnvelope(event)).toEqual({
      event,
      sequence: null,
      prev_hash: null,
      hash: null,
      sink_status: 'deferred',
    });
  });
});
