import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '#libs/kernel';
import { readSettings } from '#libs/platform';
import { CONTRACTS, listOf, names, objectOf, readObject, textOf } from './contract-files.ts';

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
