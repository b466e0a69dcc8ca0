import { afterEach, describe, expect, it } from '@jest/globals';
import { thingsToTry } from '#apps/ptt';
import { RunningPlane } from '../support/running-plane.ts';

describe('what a start tells a person to try', () => {
  let plane: RunningPlane;
  afterEach(() => plane.close());

  it.each(['sim', '2b'])('is done in profile %s', async (profile) => {
    plane = await RunningPlane.start({ env: { PTT_PROFILE: profile } });
    const ff = await plane.ff();
    const admin = await plane.admin();
    const answers = [];
    for (const { method, url, body } of thingsToTry(ff.url, admin.url, {
      signing: profile === '2b' ? 'read-only' : 'on',
    })) {
      const caller = url.startsWith(ff.url) ? ff : admin;
      answers.push(await caller.send(method, url.slice(caller.url.length), body, {}));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, profile === '2b' ? 200 : 201]);
    expect(answers[2]?.body).toMatchObject(
      profile === '2b' ? { enabled: false, reason: 'approval_expired' } : { state: 'pending' },
    );
  });
});
