/** What `--check` holds each ratio to: a little below what is reached, so that noise does not trip it and a loss does. */
export interface Mark {
  readonly title: string;
  /** What is aimed at; a ratio of ours to the yardstick's. */
  readonly aim: number | null;
  readonly floor: number | null;
  /** `least` where more is better, `most` where less is. */
  readonly kind: 'least' | 'most';
}

const least = (title: string, aim: number | null, floor: number | null): Mark => ({ title, aim, floor, kind: 'least' });
const most = (title: string, aim: number | null, floor: number | null): Mark => ({ title, aim, floor, kind: 'most' });

export const MARKS = {
  start: most('npm start, times an empty Nest application', 1.5, 1.8),
  oneOfBare: least('one flag over HTTP, of bare node:http', 0.55, 0.55),
  oneOfFastify: least('one flag over HTTP, of Fastify', 0.8, 0.75),
  bulkOfBare: least('bulk of 50 over HTTP, of bare node:http', 0.25, 0.25),
  bulkOfFastify: least('bulk of 50 over HTTP, of Fastify', null, 1),
  evaluate: most('evaluation in process, times a Map lookup', 10, 11),
  hit: most('the same by cache hits, times without a cache', 3, 3),
  execute: most('the same as a use case, times a Map lookup', null, null),
  writes1: least('writes of 1 caller, of bare append and fsync', null, 0.25),
  writes8: least('writes of 8 callers, of bare append and fsync', null, 0.12),
  writes32: least('writes of 32 callers, of bare append and fsync', null, 0.08),
  httpWrites1: least('writes of 1 caller over HTTP, of bare append', null, 0.1),
  httpWrites8: least('writes of 8 callers over HTTP, of bare append', null, 0.05),
  httpWrites32: least('writes of 32 callers over HTTP, of bare append', null, 0.025),
} as const satisfies Record<string, Mark>;

export type MarkName = keyof typeof MARKS;

/** Each mark's ratio, round by round. */
export type Ratios = Partial<Record<MarkName, readonly number[]>>;
