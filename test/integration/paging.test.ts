import { describe, expect, it } from '@jest/globals';
import { isJsonArray } from '#libs/kernel';
import { RunningPlane } from '../support/running-plane.ts';

describe('a list whose keys are as long as they may be', () => {
  it('takes back the cursors that it gave out', async () => {
    const plane = await RunningPlane.start();
    const ff = await plane.ff();
    const users = ['a', 'b', 'c'].map((letter) => letter + 'ü'.repeat(255));
    for (const user of users) {
      const path = `/v1/flags/override/user/${encodeURIComponent(user)}/ff.example`;
      expect(await ff.put(path, { value: true, reason: 'long' })).toMatchObject({ status: 200 });
    }
    const found: unknown[] = [];
    let cursor = '';
    do {
      const page = await ff.get(`/v1/flags/ff.example/overrides?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(page.status).toBe(200);
      const { overrides, next_cursor: next } = page.body;
      found.push(...(isJsonArray(overrides) ? overrides : []));
      cursor = typeof next === 'string' ? next : '';
    } while (cursor !== '');
    expect(found).toEqual(users.map((subject_id) => expect.objectContaining({ subject_id })));
    await plane.close();
  });
});
