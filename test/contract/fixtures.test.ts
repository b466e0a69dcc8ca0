import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { validators, type ApprovalRow } from '#libs/contracts';
import { canonicalJson, invariant, type JsonValue, parseInstant, sha256Hex } from '#libs/kernel';
import { listOf, objectOf, readJson, readObject, ROOT, textOf } from './contract-files.ts';

const HOUR = 3_600_000;
const instant = (text: string): number => {
  const at = parseInstant(text);
  invariant(at !== null, `${text} is an instant`);
  return at;
};

/** The fixture, narrowed by its own schema. */
function approvals(): { readonly reference: number; readonly approvals: readonly ApprovalRow[] } {
  const document: JsonValue = readJson('fixtures/approval_examples.json');
  invariant(validators.approvalExamples(document), 'the approvals conform to their schema');
  return { reference: instant(document.reference_time ?? ''), approvals: document.approvals };
}

describe('the fixtures', () => {
  it.each([
    ['fixtures/registry/registry.json', validators.registry],
    ['fixtures/override_examples.json', validators.overrideExamples],
    ['fixtures/approval_examples.json', validators.approvalExamples],
    ['fixtures/matrix/approval_matrix.json', validators.approvalMatrix],
  ])('%s conforms to its schema', (path, validator) => {
    expect(validator.faultsOf(readJson(path))).toEqual([]);
  });

  it('keep test keys only under a name that says so', () => {
    const keys = readdirSync(new URL('fixtures/keys/', ROOT)).filter((name) => name.endsWith('.json'));
    expect(keys.filter((name) => !name.startsWith('test-only-'))).toEqual([]);
    for (const name of keys) {
      const jwk = readObject(`fixtures/keys/${name}`);
      expect(`${textOf(jwk['kid'])}.${'d' in jwk ? 'private' : 'public'}.jwk.json`).toBe(name);
    }
  });
});

describe('the shipped registry', () => {
  const flags = objectOf(readObject('fixtures/registry/registry.json'), 'flags');
  const rows = new Set(listOf(readObject('fixtures/matrix/approval_matrix.json'), 'rows').map(({ row }) => row));

  it('has exactly the flags that are asked for, under this product’s own names', () => {
    expect(Object.keys(flags)).toEqual([
      'ff.example',
      'ff.cm.advanced_policy',
      'ff.wizard.interactive_draft',
      'ff.enterprise_upload.preview',
      'ff.intake_workspace.preview',
      'ff.generated_assets.local_notes',
      'ff.daily_queue.simulation',
      ...[1, 2, 3, 4, 5, 6].map((n) => `ff.fixture.ase_0${n}`),
    ]);
    expect(Object.keys(flags).filter((key) => !/^ff(\.[a-z0-9_]+)+$/.test(key))).toEqual([]);
  });

  it('is on by default, but for ff.example', () => {
    const off = Object.entries(flags).filter(([key]) => objectOf(flags, key)['defaultVariant'] !== 'on');
    expect(off.map(([key]) => key)).toEqual(['ff.example']);
    for (const key of Object.keys(flags))
      expect(objectOf(objectOf(flags, key), 'variants')).toEqual({ on: true, off: false });
  });

  it('gates ff.cm.advanced_policy by row-sensitive-override', () => {
    expect(objectOf(flags, 'ff.cm.advanced_policy')).toMatchObject({
      sensitive_flag: true,
      requires_approval: true,
      approval_matrix_row: 'row-sensitive-override',
    });
  });

  it('gives each gated flag a row of the matrix, and each ASE approval its flag', () => {
    const gated = Object.values(flags).filter(
      (flag) => flag !== null && typeof flag === 'object' && ('sensitive_flag' in flag || 'requires_approval' in flag),
    );
    expect(gated).toHaveLength(7);
    for (const flag of gated) expect(rows).toContain(objectOf({ flag }, 'flag')['approval_matrix_row']);
    for (const { target_id, matrix_row } of approvals().approvals) {
      expect(objectOf(flags, target_id)['approval_matrix_row']).toBe(matrix_row);
    }
  });
});

describe('the shipped overrides', () => {
  it('fit flags of the registry, and leave ff.example to whoever tries it', () => {
    const flags = objectOf(readObject('fixtures/registry/registry.json'), 'flags');
    const document = readObject('fixtures/override_examples.json');
    const overrides = [...listOf(document, 'tenant_overrides'), ...listOf(document, 'user_overrides')];
    expect(overrides.length).toBeGreaterThan(1);
    for (const { flag_key, variant } of overrides) {
      expect(Object.keys(objectOf(objectOf(flags, textOf(flag_key)), 'variants'))).toContain(variant);
      expect(flag_key).not.toBe('ff.example');
    }
  });
});

describe('the matrix', () => {
  it('has the two rows with their roles, and nobody signs for themselves', () => {
    const rows = listOf(readObject('fixtures/matrix/approval_matrix.json'), 'rows');
    expect(rows.map(({ row, required_roles, self_sign }) => [row, required_roles, self_sign])).toEqual([
      ['row-sensitive-override', ['product_owner'], false],
      ['row-dual-finance-legal', ['finance_gate', 'legal_gate'], false],
    ]);
  });
});

describe('the ASE approvals', () => {
  const { reference, approvals: all } = approvals();

  it('are the six by their ids, each for its own flag', () => {
    expect(all.map(({ id, target_type, target_id, state }) => [id, target_type, target_id, state])).toEqual([
      ['APP-100001-abcd', 'feature_flag', 'ff.fixture.ase_01', 'signed_full'],
      ['APP-100002-dual', 'feature_flag', 'ff.fixture.ase_02', 'signed_full'],
      ['APP-100003-partial', 'feature_flag', 'ff.fixture.ase_03', 'signed_partial'],
      ['APP-100004-expired', 'feature_flag', 'ff.fixture.ase_04', 'signed_full'],
      ['APP-100005-withdrawn', 'feature_flag', 'ff.fixture.ase_05', 'withdrawn'],
      ['APP-100006-stale', 'feature_flag', 'ff.fixture.ase_06', 'signed_full'],
    ]);
  });

  it('carry the hash of their content, in each signature too', () => {
    for (const { target_type, target_id, matrix_row, sla_deadline, justification, content_hash, signatures } of all) {
      const hash = sha256Hex(canonicalJson({ target_type, target_id, matrix_row, sla_deadline, justification }));
      expect([content_hash, ...signatures.map((signature) => signature.content_hash)]).toEqual(
        Array.from({ length: signatures.length + 1 }, () => hash),
      );
    }
  });

  it('are signed by their roles, in time, by neither issuer nor twice by one person', () => {
    const signed = { signed_full: 1, signed_partial: 0.5, withdrawn: 1, pending: 0, rejected: 0 };
    for (const approval of all) {
      const { required_roles, required_signer_count, signatures, issued_by, issued_at, sla_deadline, state } = approval;
      expect(required_signer_count).toBe(required_roles.length);
      expect(signatures).toHaveLength(required_roles.length * signed[state]);
      expect(required_roles).toEqual(expect.arrayContaining(signatures.map(({ role }) => role)));
      expect(new Set([issued_by, ...signatures.map(({ signer }) => signer)]).size).toBe(signatures.length + 1);
      for (const { signed_at } of signatures) {
        expect(instant(signed_at)).toBeGreaterThan(instant(issued_at));
        expect(instant(signed_at)).toBeLessThan(Math.min(instant(sla_deadline ?? ''), reference));
      }
    }
  });

  it('have a deadline that their row allows', () => {
    const longest: Readonly<Record<string, number>> = {
      'row-sensitive-override': 30 * 24 * HOUR,
      'row-dual-finance-legal': 90 * 24 * HOUR,
    };
    for (const { issued_at, sla_deadline, matrix_row } of all) {
      expect(instant(sla_deadline ?? '') - instant(issued_at)).toBeLessThanOrEqual(longest[matrix_row] ?? 0);
    }
  });

  it.each([
    ['APP-100001-abcd', 7 * 24, Infinity],
    ['APP-100002-dual', 7 * 24, Infinity],
    ['APP-100003-partial', 7 * 24, Infinity],
    ['APP-100004-expired', -23, -1],
    ['APP-100006-stale', -Infinity, -25],
  ])('%s ends between %s and %s hours after the reference', (id, from, to) => {
    const hours = (instant(all.find((approval) => approval.id === id)?.sla_deadline ?? '') - reference) / HOUR;
    expect(hours).toBeGreaterThan(from);
    expect(hours).toBeLessThan(to);
  });

  it('APP-100005-withdrawn was closed before the reference and is not past its deadline', () => {
    const withdrawn = all.find(({ id }) => id === 'APP-100005-withdrawn');
    expect(instant(withdrawn?.closed_at ?? '')).toBeLessThan(reference);
    expect(instant(withdrawn?.sla_deadline ?? '')).toBeGreaterThan(reference);
    expect(all.filter(({ closed_at }) => closed_at !== undefined)).toHaveLength(1);
  });
});
