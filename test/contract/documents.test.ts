import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { readSettings } from '#libs/platform';
import { CONTRACTS, listOf, objectOf, readObject, textOf } from './contract-files.ts';

const names = (rows: readonly { readonly [name: string]: unknown }[], member = 'name') =>
  rows.map((row) => row[member]);
const enumOf = (path: string, member: string) => {
  const schema = readObject(path);
  return objectOf(schema['properties'], member)['enum'] ?? objectOf(schema['definitions'], member)['enum'];
};

describe('the current state that contracts state', () => {
  const lines = new Map(readSettings({ PTT_PROFILE: '2b' }).lines.map(({ name, value }) => [name, value]));
  const stated = CONTRACTS.flatMap((path) =>
    Object.entries(objectOf(objectOf(readObject(path), 'current_state'), 'settings')).map(
      ([name, value]) => [path, name, value] as const,
    ),
  );

  it.each(stated)('%s: %s is what profile 2b sets', (_, name, value) => {
    expect(lines.get(name)).toBe(value);
  });

  it('covers every layer that profile 2b and the target back differently', () => {
    const covered = new Set(stated.map(([, name]) => name));
    const layers = [
      'PTT_STORE',
      'PTT_CACHE',
      'PTT_BUS',
      'PTT_GATE',
      'PTT_AUDIT',
      'FF_VERIFY_MODE',
      'ADMIN_VERIFY_MODE',
      'PTT_SIGNING',
    ];
    expect(layers.filter((name) => !covered.has(name))).toEqual([]);
  });
});

describe('cache_invalidation_contract.json', () => {
  const contract = readObject('contracts/cache_invalidation_contract.json');

  it('has the four namespaces with their lifetimes', () => {
    const ttls = listOf(contract, 'namespaces').map(({ name, ttl_seconds }) => [name, ttl_seconds]);
    expect(ttls).toEqual([
      ['flag', 300],
      ['override', 60],
      ['evaluated', 30],
      ['jwks', 3600],
    ]);
    expect(contract).toMatchObject({ channel: 'ptt.ff.invalidate', prefix: 'ptt:ff:', soft_ttl_percent: 80 });
  });

  it('speaks of the same namespaces and triggers as the event', () => {
    const event = 'contracts/events/ptt.ff.invalidate.v1.schema.json';
    expect(enumOf(event, 'cacheNamespace')).toEqual(names(listOf(contract, 'namespaces')));
    expect(enumOf(event, 'trigger')).toEqual(names(listOf(contract, 'triggers')));
  });

  it('gives every namespace keys under the prefix', () => {
    for (const { name, key } of listOf(contract, 'namespaces'))
      expect(key).toEqual(expect.stringContaining(`ptt:ff:${textOf(name)}:{`));
  });
});

describe('audit_sink_contract.json', () => {
  it('lists the statuses that a record can have', () => {
    const statuses = names(listOf(readObject('contracts/audit_sink_contract.json'), 'sink_status'));
    expect(statuses).toEqual(enumOf('contracts/audit/envelope.v1.schema.json', 'sinkStatus'));
  });

  it('takes as many records a call as the kernel limits', () => {
    const contract = readObject('contracts/audit_sink_contract.json');
    expect(objectOf(contract, 'ingest')['records_max']).toBe(LIMITS.ingestRecords);
    expect(objectOf(contract, 'denied_evaluations')['keys_max']).toBe(LIMITS.denialKeys);
  });
});

describe('sensitive_gating_contract.json', () => {
  const contract = readObject('contracts/sensitive_gating_contract.json');

  it('states the kernel’s limits of the gate', () => {
    expect(contract['limits']).toEqual({
      call_ms: LIMITS.gateCallMs,
      deadline_ms: LIMITS.gateDeadlineMs,
      retries: 0,
      breaker: {
        failures: LIMITS.breakerFailures,
        open_ms: LIMITS.breakerOpenMs,
        open_max_ms: LIMITS.breakerOpenMaxMs,
        probes: 1,
      },
    });
    expect(objectOf(contract, 'call')['checks_max']).toBe(LIMITS.checksPerCall);
  });

  it('states the reuse limit that the setting has', () => {
    const { default_ms, max_ms } = objectOf(contract, 'reuse');
    expect(readSettings({}).settings.gateReuseMs).toBe(default_ms);
    expect(() => readSettings({ PTT_GATE_REUSE_MS: String(Number(max_ms) + 1) })).toThrow('PTT_GATE_REUSE_MS');
    expect(readSettings({ PTT_GATE_REUSE_MS: textOf(max_ms) }).settings.gateReuseMs).toBe(max_ms);
  });

  it('knows the decisions of the answer, and denies what is unreachable', () => {
    expect(names(listOf(contract, 'decisions'), 'decision')).toEqual(['allow', 'allow-with-warning', 'deny']);
    expect(objectOf(contract, 'unreachable')).toMatchObject({
      decision: 'deny',
      reason: 'admin_unreachable',
      status: 200,
    });
  });
});

describe('verification_mode_matrix.json', () => {
  it('has both modes, and the mode of each profile that is built', () => {
    const contract = readObject('contracts/verification_mode_matrix.json');
    expect(names(listOf(contract, 'modes'), 'mode')).toEqual(['verified', 'decode-only']);
    for (const { profile, mode } of listOf(contract, 'profiles')) {
      if (profile === '2c') continue;
      const { ffVerifyMode, adminVerifyMode } = readSettings({ PTT_PROFILE: textOf(profile) }).settings;
      expect([profile, ffVerifyMode, adminVerifyMode]).toEqual([profile, mode, mode]);
    }
  });
});

describe('rollout_visibility.json', () => {
  it('lists the five surfaces as the shipped registry has them', () => {
    const surfaces = listOf(readObject('contracts/rollout_visibility.json'), 'surfaces');
    const shipped = Object.entries(objectOf(readObject('fixtures/registry/registry.json'), 'flags')).flatMap(
      ([flag_key, flag]) => {
        const surface = objectOf(flag, 'surface');
        const defaultVariant = textOf(objectOf({ flag }, 'flag')['defaultVariant']);
        const default_on = objectOf(flag, 'variants')[defaultVariant];
        return Object.keys(surface).length === 0 ? [] : [{ flag_key, ...surface, default_on }];
      },
    );
    expect(surfaces).toHaveLength(5);
    expect(shipped).toEqual(surfaces);
  });
});

describe('deferred_matrix.json', () => {
  const contract = readObject('contracts/deferred_matrix.json');
  const items = listOf(contract, 'items');

  it('has the twelve items of the planning table, each with status, state, reason and next phase', () => {
    expect(items).toHaveLength(12);
    const statuses = Object.keys(objectOf(contract, 'statuses'));
    for (const item of items) {
      expect(Object.keys(item)).toEqual(['item', 'status', 'current_state', 'why', 'next_phase']);
      expect(statuses).toContain(item['status']);
    }
  });

  it('calls built what is built', () => {
    const built = items.filter(({ status }) => status === 'built').map(({ item }) => item);
    expect(built).toEqual([
      'signer workflow mutations',
      'verified JWT on Admin',
      'approval issuance flow (writes)',
      'admin.audit.ingest endpoint',
    ]);
  });
});

describe('persistence_schema.json', () => {
  const contract = readObject('contracts/persistence_schema.json');
  const tables = listOf(contract, 'tables');
  const named = (schema: string, name: string) =>
    tables.find((table) => table['schema'] === schema && table['name'] === name) ?? {};

  it('has the tables and the view that the readiness check names', () => {
    const all = tables.map(({ schema, name }) => `${textOf(schema)}.${textOf(name)}`);
    const asked = [
      'ff.ff_flag',
      'ff.ff_tenant_override',
      'ff.ff_user_override',
      'ff.ff_audit',
      'ff.ff_audit_chain',
      'admin.approval',
      'admin.signature',
      'admin.audit',
      'admin.audit_chain',
    ];
    expect(asked.filter((table) => !all.includes(table))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
    expect(listOf(contract, 'views')).toEqual([
      expect.objectContaining({ schema: 'admin', name: 'approval_ttl_state' }),
    ]);
  });

  it.each([
    ['ff_tenant_override', 'tenant_id'],
    ['ff_user_override', 'user_id'],
  ])('indexes %s by %s and by expires_at', (table, subject) => {
    expect(listOf(named('ff', table), 'indexes').map(({ columns }) => columns)).toEqual([[subject], ['expires_at']]);
  });

  it('speaks only of columns that the tables have', () => {
    for (const table of tables) {
      const columns = new Set(names(listOf(table, 'columns')));
      const { primary_key, unique } = table;
      const used = [primary_key, unique, ...listOf(table, 'indexes').map((index) => index['columns'])].flat(2);
      expect({ table: table['name'], strangers: used.filter((column) => !columns.has(column)) }).toEqual({
        table: table['name'],
        strangers: [],
      });
    }
  });

  it('lets no service role change or delete an audit row or a signature, nor delete an approval', () => {
    const may = (table: Readonly<Record<string, unknown>>) => table['service_role_may'];
    const evidence = tables.filter(({ name }) => /^(?:ff_)?audit(?:_chain)?$|^signature$/.test(textOf(name)));
    expect(evidence.map(may)).toEqual(Array.from({ length: 5 }, () => ['select', 'insert']));
    expect(may(named('admin', 'approval'))).toEqual(['select', 'insert', 'update']);
  });

  it('keeps every column that a file’s row has', () => {
    const rows = [
      ['admin', 'approval', 'approvalRow', ['signatures']],
      ['admin', 'signature', 'signatureRow', []],
    ] as const;
    for (const [schema, table, row, elsewhere] of rows) {
      const { definitions } = readObject('contracts/files/approval_examples.schema.json');
      const members = Object.keys(objectOf(objectOf(definitions, row), 'properties')).filter(
        (member) => !elsewhere.some((one) => one === member),
      );
      expect(names(listOf(named(schema, table), 'columns'))).toEqual(members);
    }
  });

  it('draws every version and position from a sequence with cache 1', () => {
    const sequences = listOf(contract, 'sequences').map(
      ({ schema, name, cache }) => `${textOf(schema)}.${textOf(name)}/${textOf(cache)}`,
    );
    const drawn = tables.flatMap((table) =>
      listOf(table, 'columns').flatMap(
        ({ default: value }) => /^nextval\('([\w.]+)'\)$/.exec(textOf(value))?.[1] ?? [],
      ),
    );
    expect(drawn.filter((sequence) => !sequences.includes(`${sequence}/1`))).toEqual([]);
  });
});

describe('every contract that names a file of contracts/', () => {
  it('names one that exists', () => {
    const files = new Set(CONTRACTS);
    const missing = CONTRACTS.flatMap((path) => {
      const text = JSON.stringify(readObject(path));
      return [...text.matchAll(/"((?:events|audit|http|files)\/[\w./-]+\.json)"/g)]
        .map(([, file]) => `contracts/${String(file)}`)
        .filter((file) => !files.has(file));
    });
    expect(missing).toEqual([]);
  });
});
