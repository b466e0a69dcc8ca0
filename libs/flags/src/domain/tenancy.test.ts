import { describe, expect, it } from '@jest/globals';
import { sampleActor } from '../testing/samples.ts';
import { pageOf } from './page.ts';
import { isBound, requireEveryTenant, requireTenant, requireUserOverrides, tenantOf } from './tenancy.ts';

const free = sampleActor();
const one = sampleActor({ tenants: ['T-1'] });
const two = sampleActor({ tenants: ['T-1', 'T-2'] });
const none = sampleActor({ tenants: [] });
const decoded = sampleActor({ tenants: ['T-1'], verified: false });
const forbidden = (pointer: string): object => expect.objectContaining({ code: 'tenant_forbidden', pointer });

describe('a token', () => {
  it('is bound when it names tenants and was verified', () => {
    expect([free, one, two, none, decoded].map(isBound)).toEqual([false, true, true, true, false]);
  });

  it('bound to tenants speaks for those alone', () => {
    for (const actor of [free, one, two, decoded]) expect(() => requireTenant(actor, 'T-1', '/x')).not.toThrow();
    for (const actor of [free, decoded]) expect(() => requireTenant(actor, 'T-9', '/x')).not.toThrow();
    for (const actor of [one, two, none]) expect(() => requireTenant(actor, 'T-9', '/x')).toThrow(forbidden('/x'));
  });

  it('bound to tenants has no part in user overrides', () => {
    for (const actor of [free, decoded]) expect(() => requireUserOverrides(actor, '/x')).not.toThrow();
    for (const actor of [one, two, none]) expect(() => requireUserOverrides(actor, '/x')).toThrow(forbidden('/x'));
  });

  it('bound to tenants does nothing that every tenant feels', () => {
    for (const actor of [free, decoded]) expect(() => requireEveryTenant(actor, '/x')).not.toThrow();
    for (const actor of [one, two, none]) expect(() => requireEveryTenant(actor, '/x')).toThrow(forbidden('/x'));
    expect(() => requireEveryTenant(one)).toThrow(expect.objectContaining({ code: 'tenant_forbidden', pointer: null }));
  });

  it('that is refused is told why, and what to do', () => {
    expect(() => requireTenant(one, 'T-9', '/x')).toThrow('The token is bound to other tenants than "T-9".');
    expect(() => requireUserOverrides(one, '/x')).toThrow(
      'The token is bound to tenants, and user overrides belong to none. Use a token without the claim tenants.',
    );
    expect(() => requireEveryTenant(one)).toThrow(
      'The token is bound to tenants, and this is for all of them. Use a token without the claim tenants.',
    );
    expect(() => tenantOf(two, null)).toThrow(
      'The token is bound to several tenants or to none: say in tenant_id for which one of them.',
    );
  });
});

describe('the tenant of an evaluation', () => {
  it('is the one that is named, where the token may speak for it', () => {
    for (const actor of [free, one, two, decoded]) expect(tenantOf(actor, 'T-1')).toBe('T-1');
    expect(() => tenantOf(two, 'T-9')).toThrow(forbidden('/tenant_id'));
  });

  it('is none where none is named and the token is bound to none', () => {
    expect(tenantOf(free, null)).toBeNull();
    expect(tenantOf(decoded, null)).toBeNull();
  });

  it('is the only one of a bound token, which must choose between several', () => {
    expect(tenantOf(one, null)).toBe('T-1');
    expect(() => tenantOf(two, null)).toThrow(forbidden('/tenant_id'));
    expect(() => tenantOf(none, null)).toThrow(forbidden('/tenant_id'));
  });
});

describe('a page', () => {
  const items = ['a', 'b', 'c', 'd', 'ü'];
  const page = (cursor: string | null, limit: number | null, of = items) =>
    pageOf(of, (item) => item, { cursor, limit });

  it.each([1, 2, 3, 4])('of %d goes on where the last one ended, to the end', (limit) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const next = page(cursor, limit);
      seen.push(...next.items);
      cursor = next.next_cursor;
      pages += 1;
    } while (cursor !== null);
    expect(seen).toEqual(items);
    expect(pages).toBe(Math.ceil(items.length / limit));
  });

  it('ends exactly at the last item', () => {
    expect(page(null, 5).next_cursor).toBeNull();
    expect(page(null, 4).next_cursor).toEqual(expect.any(String));
    expect(page(null, 1, [])).toEqual({ items: [], next_cursor: null });
  });

  it('neither repeats nor skips what stays when the last item goes', () => {
    const { next_cursor } = page(null, 2);
    expect(page(next_cursor, 2, ['a', 'c', 'd']).items).toEqual(['c', 'd']);
  });

  it('has 100 items where no limit is given, at most 500', () => {
    const many = Array.from({ length: 600 }, (_, n) => String(n).padStart(3, '0'));
    expect(page(null, null, many).items).toHaveLength(100);
    expect(page(null, 500, many).items).toHaveLength(500);
  });

  it.each([0, -1, 1.5, 501, Number.NaN])('may not have the limit %d', (limit) => {
    expect(() => page(null, limit)).toThrow(
      expect.objectContaining({
        code: 'invalid_field',
        pointer: '#/query/limit',
        message: '"limit" must be a whole number from 1 to 500.',
      }),
    );
  });

  it.each(['', '!', 'YQ==', 'Y', 'a b'])('may not begin at the cursor %j', (cursor) => {
    expect(() => page(cursor, 1)).toThrow(
      expect.objectContaining({
        code: 'invalid_cursor',
        pointer: '#/query/cursor',
        message: 'The cursor is none that this list gave out; start again without one.',
      }),
    );
  });
});
