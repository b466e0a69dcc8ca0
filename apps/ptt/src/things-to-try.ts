import type { JsonObject } from '#libs/kernel';

/** A call that shows something, for somebody who has just started it all. */
export interface ThingToTry {
  readonly what: string;
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly body: JsonObject;
}

/** Three things; what the profile would refuse is none of them. */
export function thingsToTry(
  ffUrl: string,
  adminUrl: string,
  { signing }: { readonly signing: 'on' | 'read-only' },
): readonly [ThingToTry, ThingToTry, ThingToTry] {
  const evaluate = { method: 'POST', url: `${ffUrl}/v1/flags/evaluate` } as const;
  return [
    {
      what: 'Why is a flag on or off?',
      ...evaluate,
      body: { flag_key: 'ff.daily_queue.simulation', tenant_id: 'T-pty' },
    },
    {
      what: 'Set a flag for another tenant:',
      method: 'PUT',
      url: `${ffUrl}/v1/flags/override/tenant/T-new/ff.example`,
      body: { value: true, reason: 'a first try' },
    },
    signing === 'on'
      ? {
          what: 'A sensitive flag stays off until its approval is signed. Ask for one:',
          method: 'POST',
          url: `${adminUrl}/api/policy/approvals`,
          body: {
            target_type: 'feature_flag',
            target_id: 'ff.cm.advanced_policy',
            matrix_row: 'row-sensitive-override',
            justification: 'a first try',
          },
        }
      : {
          what: 'A sensitive flag is on only while its approval counts. This one has expired:',
          ...evaluate,
          body: { flag_key: 'ff.fixture.ase_04' },
        },
  ];
}

/** The call as a command line; the token stands in the variable PTT_TOKEN. */
export function curlOf({ method, url, body }: ThingToTry): string {
  const verb = method === 'POST' ? '' : `-X ${method} `;
  return `curl -s ${verb}${url} -H "Authorization: Bearer $PTT_TOKEN" -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}
