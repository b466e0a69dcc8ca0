import type { JsonObject } from '#libs/kernel';
import type { Operation } from '../../support/api-document.ts';
import type { RouteSample } from '../route-samples.ts';
import type { WireRequest } from '../wire.ts';

/** A request that is wrong in one way, and how it is to be refused: `400 invalid_field #/reason`. */
export interface Row {
  readonly name: string;
  readonly request: WireRequest;
  readonly expected: string;
}

/** What rows are made of: a request that holds, what its document says of it, and a token that is good for it. */
export interface Base {
  readonly sample: RouteSample;
  readonly operation: Operation;
  /** Its body's schema with the reference followed; null where it takes none. */
  readonly body: JsonObject | null;
  readonly request: WireRequest;
}

/** The base's request with another body, as JSON. */
export function withBody({ request }: Base, body: unknown): WireRequest {
  return { ...request, body: JSON.stringify(body) };
}

/** The base's request with one header more, or another one. */
export function withHeader({ request }: Base, name: string, value: string | readonly string[]): WireRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}

/** The base's request at another path. */
export function withPath({ request }: Base, path: string): WireRequest {
  return { ...request, path };
}

/** The path without its query. */
export function plainPath({ request }: Base): string {
  return request.path.split('?', 1).join('');
}
