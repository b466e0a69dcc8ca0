import { withBody, withHeader, withPath, type Base, type Row } from './rows.ts';

/** Tokens that hold, and are bound. */
export interface BoundTokens {
  /** To the tenant `T-other`. */
  readonly bound: string;
  /** To two tenants. */
  readonly several: string;
  /** To no tenant at all. */
  readonly none: string;
}

/** The rows of one route. */
export type Rows = (base: Base, tokens: BoundTokens) => readonly Row[];

export const FORBIDDEN = '403 tenant_forbidden';

/** Of a body: its members with others in their place; `undefined` takes one away. */
export function changed(base: Base, name: string, changes: Readonly<Record<string, unknown>>, expected: string): Row {
  return { name, request: withBody(base, { ...base.sample.body, ...changes }), expected };
}

export function asBound(base: Base, tokens: BoundTokens, pointer: string): readonly Row[] {
  return Object.entries(tokens).map(([name, token]) => ({
    name: `a token bound to other tenants (${name})`,
    request: withHeader(base, 'Authorization', `Bearer ${token}`),
    expected: `${FORBIDDEN} ${pointer}`,
  }));
}

export function at(base: Base, name: string, path: string, expected: string): Row {
  return { name, request: withPath(base, path), expected };
}
