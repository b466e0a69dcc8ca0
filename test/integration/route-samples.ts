import { ChainedRecorder } from '#libs/audit';
import { isJsonObject, parseJson, systemActor, type JsonObject, type JsonValue, type Scope } from '#libs/kernel';
import { NodeIds } from '#libs/platform';

/** A request that a route answers as it should, and what it is to leave behind. */
export interface RouteSample {
  /** As the OpenAPI document has it. */
  readonly route: string;
  readonly service: 'ff' | 'admin';
  /** Null where no token is asked for. */
  readonly scope: Scope | null;
  readonly path: string;
  readonly body?: JsonObject;
  /** Signer roles that the token must carry. */
  readonly roles?: readonly string[];
  readonly status?: number;
  /** The command that it becomes, and the actions of the envelopes that it makes; none for what changes nothing. */
  readonly command?: string;
  readonly records?: readonly string[];
}

/** The first record of FF's chain as another service would send it. */
function ingestBody(): JsonObject {
  const recorder = new ChainedRecorder('/ptt/ff', new NodeIds());
  const at = Date.UTC(2026, 10, 1);
  const event = recorder.event(
    {
      action: 'override.set',
      target: { type: 'tenant_override', id: 'T-pty/ff.example' },
      tenantId: 'T-pty',
      outcome: 'accepted',
    },
    { actor: systemActor('operator'), trace: { correlationId: 'sample' }, at },
  );
  const { sequence, prev_hash, hash, sink_status } = recorder.chain(event, { sequence: 0, hash: '0'.repeat(64) });
  const records: JsonValue = [{ event, sequence, prev_hash, hash, sink_status }];
  return { source: '/ptt/ff', records };
}

const CHECK = { target_type: 'feature_flag', target_id: 'ff.cm.advanced_policy', matrix_row: 'row-sensitive-override' };

/** Every route once, in an order in which each of them succeeds on a new plane. */
export const ROUTE_SAMPLES: readonly RouteSample[] = [
  ...ff('ff:read', [
    [
      'POST /v1/flags/evaluate',
      '/v1/flags/evaluate',
      { flag_key: 'ff.example', tenant_id: 'T-pty', user_id: 'U-9', context: {} },
    ],
    [
      'POST /v1/flags/evaluate/bulk',
      '/v1/flags/evaluate/bulk',
      { flag_keys: ['ff.example'], tenant_id: 'T-pty', user_id: 'U-9', context: {} },
    ],
    ['GET /v1/flags', '/v1/flags'],
    ['GET /v1/flags/{flag_key}', '/v1/flags/ff.example'],
    ['GET /v1/flags/{flag_key}/overrides', '/v1/flags/ff.example/overrides'],
    ['GET /v1/flags/override/tenant/{tenant_id}', '/v1/flags/override/tenant/T-pty'],
    ['GET /v1/flags/override/user/{user_id}', '/v1/flags/override/user/U-9'],
    ['GET /v1/rollout/surfaces', '/v1/rollout/surfaces'],
    ['GET /v1/flags/registry/export', '/v1/flags/registry/export'],
  ]),
  {
    route: 'PUT /v1/flags/override/tenant/{tenant_id}/{flag_key}',
    service: 'ff',
    scope: 'ff:override',
    path: '/v1/flags/override/tenant/T-pty/ff.example',
    body: { value: true, reason: 'a sample', expires_at: '2099-01-01T00:00:00Z' },
    command: 'SetOverride',
    records: ['override.set'],
  },
  {
    route: 'DELETE /v1/flags/override/tenant/{tenant_id}/{flag_key}',
    service: 'ff',
    scope: 'ff:override',
    path: '/v1/flags/override/tenant/T-pty/ff.example',
    command: 'RemoveOverride',
    records: ['override.removed'],
  },
  {
    route: 'PUT /v1/flags/override/user/{user_id}/{flag_key}',
    service: 'ff',
    scope: 'ff:override',
    path: '/v1/flags/override/user/U-9/ff.example',
    body: { variant: 'on', reason: 'a sample', expires_at: '2099-01-01T00:00:00Z' },
    command: 'SetOverride',
    records: ['override.set'],
  },
  {
    route: 'DELETE /v1/flags/override/user/{user_id}/{flag_key}',
    service: 'ff',
    scope: 'ff:override',
    path: '/v1/flags/override/user/U-9/ff.example',
    command: 'RemoveOverride',
    records: ['override.removed'],
  },
  {
    route: 'POST /v1/flags/registry/reload',
    service: 'ff',
    scope: 'ff:registry',
    path: '/v1/flags/registry/reload',
    command: 'ReloadRegistry',
    records: ['registry.reloaded'],
  },
  {
    route: 'POST /v1/flags/registry/import',
    service: 'ff',
    scope: 'ff:registry',
    path: '/v1/flags/registry/import?dry_run=false',
    body: { flags: { 'ff.sample': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' } } },
    command: 'ImportRegistry',
    records: ['registry.imported'],
  },
  {
    route: 'POST /v1/cache/invalidate',
    service: 'ff',
    scope: 'ff:ops',
    path: '/v1/cache/invalidate',
    body: { namespace: 'override', tenant: 'T-pty' },
    command: 'InvalidateCache',
    records: ['cache.invalidated'],
  },
  ...open('ff'),
  {
    route: 'POST /api/policy/sensitive.check.2b',
    service: 'admin',
    scope: 'admin:check',
    path: '/api/policy/sensitive.check.2b',
    body: CHECK,
  },
  {
    route: 'POST /api/policy/preview',
    service: 'admin',
    scope: 'admin:check',
    path: '/api/policy/preview',
    body: CHECK,
  },
  ...admin('admin:read', [
    ['GET /api/policy/matrix', '/api/policy/matrix'],
    ['GET /api/policy/approvals', '/api/policy/approvals'],
    ['GET /api/policy/approvals/{id}', '/api/policy/approvals/APP-100002-dual'],
    ['GET /api/cutover', '/api/cutover'],
  ]),
  {
    route: 'POST /api/policy/approvals',
    service: 'admin',
    scope: 'admin:issue',
    path: '/api/policy/approvals',
    body: { ...CHECK, justification: 'a sample' },
    status: 201,
    command: 'IssueApproval',
    records: ['approval.issued'],
  },
  {
    route: 'POST /api/policy/approvals/{id}/sign',
    service: 'admin',
    scope: 'admin:sign',
    path: '/api/policy/approvals/APP-100003-partial/sign',
    body: { revision: 1, role: 'legal_gate', comment: 'a sample' },
    roles: ['legal_gate'],
    command: 'SignApproval',
    records: ['approval.signed'],
  },
  {
    route: 'PATCH /api/policy/approvals/{id}',
    service: 'admin',
    scope: 'admin:issue',
    path: '/api/policy/approvals/APP-100001-abcd',
    body: { revision: 1, justification: 'another one' },
    command: 'EditApproval',
    records: ['approval.edited'],
  },
  {
    route: 'POST /api/policy/approvals/{id}/reject',
    service: 'admin',
    scope: 'admin:sign',
    path: '/api/policy/approvals/APP-100001-abcd/reject',
    body: { revision: 2, reason: 'a sample' },
    roles: ['product_owner'],
    command: 'RejectApproval',
    records: ['approval.rejected'],
  },
  {
    route: 'POST /api/policy/approvals/{id}/withdraw',
    service: 'admin',
    scope: 'admin:withdraw',
    path: '/api/policy/approvals/APP-100002-dual/withdraw',
    body: { revision: 1, reason: 'a sample' },
    command: 'WithdrawApproval',
    records: ['approval.withdrawn'],
  },
  {
    route: 'POST /api/audit/ingest',
    service: 'admin',
    scope: 'admin:ingest',
    path: '/api/audit/ingest',
    body: ingestBody(),
    command: 'IngestAudit',
    records: ['ingest.accepted'],
  },
  ...admin('admin:audit', [
    ['GET /api/audit', '/api/audit'],
    ['GET /api/audit/verify', '/api/audit/verify'],
  ]),
  ...open('admin'),
];

type Asked = readonly [route: string, path: string, body?: JsonObject];

function asked(service: 'ff' | 'admin', scope: Scope | null, [route, path, body]: Asked): RouteSample {
  return { route, service, scope, path, ...(body === undefined ? {} : { body }) };
}

function ff(scope: Scope, samples: readonly Asked[]): readonly RouteSample[] {
  return samples.map((sample) => asked('ff', scope, sample));
}

function admin(scope: Scope, samples: readonly Asked[]): readonly RouteSample[] {
  return samples.map((sample) => asked('admin', scope, sample));
}

/** What every service answers to anybody. */
function open(service: 'ff' | 'admin'): readonly RouteSample[] {
  return ['healthz', 'readyz', 'metrics'].map((name) => asked(service, null, [`GET /${name}`, `/${name}`]));
}

/** The method of a sample. */
export function methodOf({ route }: RouteSample): string {
  return route.split(' ', 1).join('');
}

/** The object that an answer's text holds. */
export function objectIn(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error(`a JSON object is answered, not ${text.slice(0, 200)}`);
  return value;
}
