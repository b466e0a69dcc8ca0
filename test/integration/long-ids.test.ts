import { describe, expect, it } from '@jest/globals';
import { validators } from '#libs/contracts';
import { LIMITS, parseJson } from '#libs/kernel';
import { RunningPlane } from '../support/running-plane.ts';

describe('an override whose ids are at their limits', () => {
  it('is set and removed, each with a record that the contract allows', async () => {
    const plane = await RunningPlane.start();
    const ff = await plane.ff();
    // Percent-encoded, one of these takes nine characters.
    const flagKey = `ff.${'a'.repeat(LIMITS.flagKeyLength - 3)}`;
    const user = '\u20ac'.repeat(LIMITS.subjectIdLength);
    const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
    const imported = await ff.post('/v1/flags/registry/import', { flags: { [flagKey]: flag } });
    expect(imported).toMatchObject({ status: 200, body: { added: [flagKey] } });
    const path = `/v1/flags/override/user/${encodeURIComponent(user)}/${flagKey}`;
    const reason = 'x'.repeat(LIMITS.reasonLength);
    expect(await ff.put(path, { value: true, reason })).toMatchObject({ status: 200 });
    expect(await ff.delete(path)).toMatchObject({ status: 200 });
    expect(plane.envelopes.actions.slice(-2)).toEqual(['override.set', 'override.removed']);
    for (const line of plane.envelopes.lines) expect(validators.envelopeV1.faultsOf(parseJson(line))).toEqual([]);
    await plane.close();
  });
});
