import { describe, expect, it } from '@jest/globals';
import { settled } from './outcome.ts';

describe('an outcome', () => {
  it('is what was accepted', () => {
    expect(settled({ accepted: 7 })).toBe(7);
  });

  it('is the refusal otherwise, as an error', () => {
    const refused = {
      code: 'approval_closed',
      detail: 'It is over.',
      pointer: '/id',
      extensions: { revision: 3 },
    } as const;
    expect(() => settled({ refused })).toThrow(
      expect.objectContaining({
        code: 'approval_closed',
        message: 'It is over.',
        pointer: '/id',
        extensions: { revision: 3 },
      }),
    );
  });
});
