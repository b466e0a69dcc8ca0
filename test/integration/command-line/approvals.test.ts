import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseJson, SCOPES } from '#libs/kernel';
import { RunningPlane } from '../../support/running-plane.ts';
import { environmentOf, ptt, type Ended } from './ptt.ts';

let plane: RunningPlane;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  plane = await RunningPlane.start();
  env = environmentOf(plane, await plane.token({ subject: 'operator', roles: ['product_owner'] }));
});

afterAll(() => plane.close());

const call = (...words: readonly string[]): Promise<Ended> => ptt(words, env);
const jsonOf = ({ out }: Ended): unknown => parseJson(out);

describe('ptt approvals', () => {
  it('issues, shows, signs and withdraws, each by who may', async () => {
    const signer = await plane.token({ subject: 'owner', roles: ['product_owner'] });
    const issued = await call(
      'approvals',
      'issue',
      '--flag',
      'ff.cm.advanced_policy',
      '--row',
      'row-sensitive-override',
      '--justification',
      'a try',
      '--json',
    );
    expect(issued).toMatchObject({ code: 0, err: '' });
    const id = /"id": "([^"]+)"/.exec(issued.out)?.[1] ?? '';

    const self = await call('approvals', 'sign', id, '--revision', '1', '--role', 'product_owner');
    expect(self).toMatchObject({ code: 1, out: '' });
    expect(self.err).toMatch(/^ptt: You issued or last edited APP-.* \(self_sign_forbidden, 403\)$/);

    const signed = await call(
      'approvals',
      'sign',
      id,
      '--revision',
      '1',
      '--role',
      'product_owner',
      '--comment',
      'fine',
      '--token',
      signer,
    );
    expect(signed.out).toMatch(new RegExp(`^${id} is signed_full \\(1 of 1 signed\\)\\n  revision 1, until 20`));
    expect(jsonOf(await call('approvals', 'show', id))).toMatchObject({
      id,
      ttl_state: 'valid',
      signatures: [{ signer: 'owner', comment: 'fine' }],
    });
    expect((await call('approvals', 'list')).out).toMatch(
      new RegExp(`^${id} +ff\\.cm\\.advanced_policy +row-sensitive-override +signed_full +valid +1 +20`, 'm'),
    );

    const late = await call('approvals', 'reject', id, '--revision', '1', '--reason', 'no', '--token', signer);
    expect(late.err).toContain('(approval_fully_signed, 409)');
    const withdrawn = await call('approvals', 'withdraw', id, '--revision', '1', '--reason', 'over', '--json');
    expect(jsonOf(withdrawn)).toMatchObject({ id, state: 'withdrawn' });
    const listed = jsonOf(await call('approvals', 'list', '--json'));
    expect(listed).toEqual(expect.arrayContaining([expect.objectContaining({ id, state: 'withdrawn' })]));
  });

  it('rejects', async () => {
    const legal = await plane.token({ subject: 'legal', roles: ['legal_gate'] });
    const rejected = await call(
      'approvals',
      'reject',
      'APP-100003-partial',
      '--revision',
      '1',
      '--reason',
      'no',
      '--token',
      legal,
    );
    expect(rejected).toMatchObject({ code: 0, err: '' });
    expect(rejected.out).toMatch(/^APP-100003-partial is rejected \(1 of 2 signed\)/);
  });

  it.each<[readonly string[], number, RegExp]>([
    [['show', 'APP-999999-x'], 1, /\(approval_not_found, 404\)$/],
    [['issue', '--flag', 'a', '--row', 'row-nowhere', '--justification', 'x'], 1, /\(matrix_row_unknown, 422\)/],
    [
      ['issue', '--flag', 'a', '--row', 'row-sensitive-override', '--justification', 'x', '--sla-deadline', 'never'],
      1,
      /\(invalid_field, 400\)/,
    ],
    [['sign', 'APP-100001-abcd', '--revision', 'one', '--role', 'x'], 2, /It is not a whole number/],
    [['sign', 'APP-100001-abcd', '--role', 'x'], 2, /required option '--revision <number>'/],
    [['list', '--admin-url', 'http://127.0.0.1:1'], 3, /^ptt: Nothing answers at http:\/\/127\.0\.0\.1:1.*--admin-url/],
  ])('refuses in words: %j', async (words, code, message) => {
    const ended = await call('approvals', ...words);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toMatch(message);
  });
});

describe('ptt token', () => {
  it('prints a token that holds, and nothing else', async () => {
    const { code, out, err } = await call(
      'token',
      '--sub',
      'U-9',
      '--tenant',
      'T-pty',
      'T-two',
      '--scope',
      'ff:read ff:override',
      '--role',
      'legal_gate',
      '--approval-ref',
      'APP-1',
      '--aud',
      'ptt-ff',
      '--ttl',
      '90s',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(parseJson(Buffer.from(out.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({
      sub: 'U-9',
      tenants: ['T-pty', 'T-two'],
      scope: 'ff:read ff:override',
      roles: ['legal_gate'],
      approval_ref: 'APP-1',
      aud: ['ptt-ff'],
    });
    const list = [
      'flags',
      'set',
      'ff.example',
      '--tenant',
      'T-pty',
      '--value',
      'true',
      '--reason',
      'x',
      '--token',
      out,
    ];
    expect(await call(...list)).toMatchObject({ code: 0 });
    expect((await call('flags', 'list', '--token', (await call('token', '--sub', 'you')).out)).code).toBe(0);
    expect((await call('approvals', 'list', '--token', out)).err).toContain('(token_invalid, 401)');
  });

  it.each<[readonly string[], RegExp]>([
    [[], /required option '--sub <id>' not specified/],
    [
      ['--sub', 'a', '--scope', 'ff:write admin'],
      new RegExp(`There is no scope ff:write, admin\\. Known: ${SCOPES.join(' ')}`),
    ],
    [['--sub', 'a', '--ttl', 'soon'], /Say it as 90s, 30m or 1h/],
    [['--sub', 'a', '--ttl', '0s'], /Say it as 90s, 30m or 1h/],
    [['--sub', 'a', '--ttl', '25h'], /A token lives 1 to 86400 whole seconds/],
  ])('refuses in words: %j', async (words, message) => {
    const ended = await call('token', ...words);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(message);
  });
});
