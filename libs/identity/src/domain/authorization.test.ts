import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { PttError, SCOPES, type Actor, type ErrorCode } from '#libs/kernel';
import {
  isTenantBound,
  maySeeTenant,
  requireNotTenantBound,
  requireScope,
  requireTenant,
  requireVerified,
} from './authorization.ts';

function actor(more: Partial<Actor> = {}): Actor {
  return { id: 'U-9', roles: [], scopes: new Set(), tenants: null, verified: true, approvalRef: null, ...more };
}

function codeOf(task: () => void): ErrorCode | null {
  try {
    task();
    return null;
  } catch (error) {
    if (error instanceof PttError) return error.code;
    throw error;
  }
}

describe('scopes', () => {
  it('are required of a verified token, each by its exact name', () => {
    for (const held of SCOPES) {
      for (const needed of SCOPES) {
        const code = codeOf(() => requireScope(actor({ scopes: new Set([held]) }), needed));
        expect([held, needed, code]).toEqual([held, needed, held === needed ? null : 'insufficient_scope']);
      }
    }
  });

  it('name what is missing', () => {
    expect(() => requireScope(actor(), 'ff:ops')).toThrow('This call needs a token with the scope ff:ops.');
  });

  it('are not enforced where nothing is verified', () => {
    expect(codeOf(() => requireScope(actor({ verified: false }), 'ff:registry'))).toBeNull();
  });
});

describe('tenants', () => {
  it.each<[string, Actor, string | null, ErrorCode | null]>([
    ['of its own', actor({ tenants: ['T-a', 'T-b'] }), 'T-b', null],
    ['of another', actor({ tenants: ['T-a'] }), 'T-b', 'tenant_forbidden'],
    ['that only begins alike', actor({ tenants: ['T-a'] }), 'T-ab', 'tenant_forbidden'],
    ['at all, bound to none of them', actor({ tenants: [] }), 'T-a', 'tenant_forbidden'],
    ['when not bound', actor(), 'T-a', null],
    ['when not verified', actor({ tenants: ['T-a'], verified: false }), 'T-b', null],
    ['when the call speaks for none', actor({ tenants: ['T-a'] }), null, null],
  ])('%s', (_, of, tenant, code) => {
    expect(codeOf(() => requireTenant(of, tenant))).toBe(code);
  });

  it('are told apart in a list just as they are required', () => {
    const actors = fc.record({
      tenants: fc.option(fc.array(fc.constantFrom('T-a', 'T-b', 'T-c'))),
      verified: fc.boolean(),
    });
    fc.assert(
      fc.property(actors, fc.constantFrom('T-a', 'T-b'), (of, tenant) => {
        expect(maySeeTenant(actor(of), tenant)).toBe(codeOf(() => requireTenant(actor(of), tenant)) === null);
      }),
    );
  });

  it('keep a bound token away from user overrides', () => {
    const refused = (of: Actor) => codeOf(() => requireNotTenantBound(of));
    expect(refused(actor({ tenants: ['T-a'] }))).toBe('tenant_forbidden');
    expect(refused(actor({ tenants: [] }))).toBe('tenant_forbidden');
    expect(refused(actor())).toBeNull();
    expect(refused(actor({ tenants: ['T-a'], verified: false }))).toBeNull();
    expect(isTenantBound(actor({ tenants: ['T-a'] }))).toBe(true);
    expect(isTenantBound(actor())).toBe(false);
  });
});

it('a call for verified tokens only refuses any other', () => {
  expect(codeOf(() => requireVerified(actor({ verified: false })))).toBe('verification_required');
  expect(codeOf(() => requireVerified(actor()))).toBeNull();
});

it('every refusal says what to do', () => {
  const tasks = [
    () => requireTenant(actor({ tenants: [] }), 'T-a'),
    () => requireNotTenantBound(actor({ tenants: [] })),
    () => requireVerified(actor({ verified: false })),
  ];
  for (const task of tasks) expect(task).toThrow(/; (use|set) /);
});
