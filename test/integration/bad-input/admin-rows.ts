import { isJsonObject, LIMITS, type JsonObject, type JsonValue } from '#libs/kernel';
import { asBound, at, changed, type Rows } from './particular-rows.ts';
import { withBody, withPath, type Base, type Row } from './rows.ts';

const approvalRows: Rows = (base) => {
  const verb = base.operation.template.split('{id}')[1] ?? '';
  return [
    at(
      base,
      'an approval that is none',
      `/api/policy/approvals/APP-999999-nothing${verb}`,
      '404 approval_not_found #/path/id',
    ),
    at(base, 'an id that is none', `/api/policy/approvals/nothing${verb}`, '404 approval_not_found #/path/id'),
  ];
};

/** Withdrawn in the fixtures, and never to come back. */
const closedRow = (base: Base): Row =>
  at(
    base,
    'an approval that is closed',
    base.request.path.replace(/APP-[^/]*/, 'APP-100005-withdrawn'),
    '409 approval_closed',
  );

const conflictRow = (base: Base): Row => ({
  name: 'another revision than it has',
  request: {
    ...withBody(base, { ...base.sample.body, revision: 7 }),
    path: base.request.path.replace(/APP-[^/]*/, 'APP-100003-partial'),
  },
  expected: '409 revision_conflict #/revision',
});

function recordOf({ sample }: Base): JsonObject {
  const records = sample.body?.['records'];
  const [record]: readonly JsonValue[] = Array.isArray(records) ? records : [];
  if (!isJsonObject(record)) throw new Error('the sample has one record');
  return record;
}

/** What no route of Admin shares with another: the rules of its own body, and what is not there. */
export const ADMIN_ROWS: Readonly<Record<string, Rows>> = {
  'POST /api/policy/sensitive.check.2b': (base) => [
    changed(base, 'a check and checks', { checks: [base.sample.body] }, '400 unknown_field #/checks'),
    { name: 'no checks', request: withBody(base, { checks: [] }), expected: '400 invalid_field #/checks' },
    {
      name: '101 checks',
      request: withBody(base, { checks: Array.from({ length: LIMITS.checksPerCall + 1 }, () => base.sample.body) }),
      expected: '400 invalid_field #/checks',
    },
    {
      name: 'a check that lacks its row',
      request: withBody(base, { checks: [base.sample.body, { target_type: 'feature_flag', target_id: 'a' }] }),
      expected: '400 missing_field #/checks/1/matrix_row',
    },
    {
      name: 'checks beside something else',
      request: withBody(base, { checks: [base.sample.body], extra: 1 }),
      expected: '400 unknown_field #/extra',
    },
  ],
  'POST /api/policy/approvals': (base) => [
    changed(base, 'a row that is none', { matrix_row: 'row-nowhere' }, '422 matrix_row_unknown #/matrix_row'),
    changed(base, 'a row every object has', { matrix_row: 'constructor' }, '422 matrix_row_unknown #/matrix_row'),
    changed(
      base,
      'a deadline in the past',
      { sla_deadline: '2020-01-01T00:00:00Z' },
      '422 deadline_invalid #/sla_deadline',
    ),
    changed(
      base,
      'a deadline beyond the row',
      { sla_deadline: '2099-01-01T00:00:00Z' },
      '422 deadline_invalid #/sla_deadline',
    ),
    changed(base, 'a place that is taken', { target_id: 'ff.fixture.ase_01' }, '409 approval_already_open'),
  ],
  'GET /api/policy/approvals/{id}': approvalRows,
  'PATCH /api/policy/approvals/{id}': (base, tokens) => [
    ...approvalRows(base, tokens),
    closedRow(base),
    conflictRow(base),
  ],
  'POST /api/policy/approvals/{id}/sign': approvalRows,
  'POST /api/policy/approvals/{id}/reject': (base, tokens) => [...approvalRows(base, tokens), closedRow(base)],
  'POST /api/policy/approvals/{id}/withdraw': (base, tokens) => [
    ...approvalRows(base, tokens),
    closedRow(base),
    conflictRow(base),
  ],
  'GET /api/audit': (base, tokens) =>
    asBound({ ...base, request: withPath(base, '/api/audit?tenant_id=T-pty') }, tokens, '#/query/tenant_id'),
  'POST /api/audit/ingest': (base) => {
    const record = recordOf(base);
    const one = (name: string, changes: Readonly<Record<string, unknown>>, expected: string): Row =>
      changed(base, name, { records: [{ ...record, ...changes }] }, expected);
    return [
      changed(base, 'no records', { records: [] }, '400 invalid_field #/records'),
      changed(
        base,
        '501 records',
        { records: Array.from({ length: LIMITS.ingestRecords + 1 }, () => record) },
        '400 invalid_field #/records',
      ),
      one('a sequence that is a text', { sequence: '1' }, '400 invalid_field #/records/0/sequence'),
      one('a sequence of 0', { sequence: 0 }, '400 invalid_field #/records/0/sequence'),
      one('a hash in upper case', { hash: 'A'.repeat(64) }, '400 invalid_field #/records/0/hash'),
      one('no hash', { hash: undefined }, '400 missing_field #/records/0/hash'),
      one('an unknown member', { extra: 1 }, '400 unknown_field #/records/0/extra'),
      one('an event that is a text', { event: 'set' }, '400 invalid_field #/records/0/event'),
    ];
  },
};
