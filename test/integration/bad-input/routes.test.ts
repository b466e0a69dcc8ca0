import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES } from '#libs/kernel';
import type { ApiDocument } from '../../support/api-document.ts';
import type { RunningPlane } from '../../support/running-plane.ts';
import { methodOf, ROUTE_SAMPLES, type RouteSample } from '../route-samples.ts';
import { settledPlane, type SettledPlane } from '../settled-plane.ts';
import { Wire } from '../wire.ts';
import { bodyShapeRows, byteRows, needlessBodyRows } from './byte-rows.ts';
import { fieldRows } from './field-rows.ts';
import { forgedTokens, wrongHeaders, type ForgedTokens } from './forged-tokens.ts';
import { ADMIN_ROWS } from './admin-rows.ts';
import { FF_ROWS } from './ff-rows.ts';
import type { BoundTokens } from './particular-rows.ts';
import { methodRows, pathRows } from './path-rows.ts';
import { headerRows, queryRows } from './query-rows.ts';
import { Refusals } from './refusal.ts';
import { withHeader, type Base, type Row } from './rows.ts';
import { stateOf, type WatchedState } from './watched-state.ts';

/** Checks of its own take the place of what a schema would say of its members. */
const CHECKED_FURTHER_IN = 'POST /v1/flags/registry/import';
/** They take nothing and look at nothing. */
const LISTENS_TO_NOTHING = ({ scope }: RouteSample): boolean => scope === null;

/** Both services name their routes apart. */
const PARTICULAR_ROWS = { ...FF_ROWS, ...ADMIN_ROWS };

interface Door {
  readonly wire: Wire;
  readonly document: ApiDocument;
  readonly refusals: Refusals;
}

let settled: SettledPlane;
let plane: RunningPlane;
let doors: Readonly<Record<'ff' | 'admin', Door>>;
let forged: ForgedTokens;
let bound: BoundTokens;
let before: WatchedState;

async function doorOf(service: 'ff' | 'admin', url: string): Promise<Door> {
  const wire = new Wire(url);
  const document = await plane.document(service);
  return { wire, document, refusals: new Refusals(wire, document) };
}

beforeAll(async () => {
  settled = await settledPlane();
  ({ plane } = settled);
  const [replica] = plane.plane.ff;
  doors = {
    ff: await doorOf('ff', replica?.url ?? ''),
    admin: await doorOf('admin', plane.plane.admin.url),
  };
  forged = await forgedTokens(plane);
  bound = {
    bound: await plane.token({ tenants: ['T-other'] }),
    several: await plane.token({ tenants: ['T-other', 'T-third'] }),
    none: await plane.token({ tenants: [] }),
  };
  before = await stateOf(plane);
});

afterAll(async () => {
  for (const { wire } of Object.values(doors)) wire.close();
  await settled.end();
});

async function baseOf(sample: RouteSample): Promise<Base> {
  const { document } = doors[sample.service];
  const operation = document.operations.find(({ route }) => route === sample.route);
  if (operation === undefined) throw new Error(`${sample.route} is not documented`);
  const token = await plane.token({ roles: sample.roles ?? [] });
  const request = {
    method: methodOf(sample),
    path: sample.path,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(sample.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(sample.body === undefined ? {} : { body: JSON.stringify(sample.body) }),
  };
  return { sample, operation, body: operation.body === null ? null : document.resolved(operation.body), request };
}

async function expectRefused(sample: RouteSample, rowsOf: (base: Base) => readonly Row[]): Promise<void> {
  const { found, expected } = await doors[sample.service].refusals.of(rowsOf(await baseOf(sample)));
  expect(found).toEqual(expected);
  expect(await stateOf(plane)).toEqual(before);
}

it('has a sample, and with it rows, for every route that is documented', () => {
  const documented = Object.entries(doors).flatMap(([service, { document }]) =>
    document.operations.map(({ route }) => `${service} ${route}`),
  );
  const sampled = ROUTE_SAMPLES.map(({ service, route }) => `${service} ${route}`);
  expect(sampled.toSorted()).toEqual(documented.toSorted());
  const unknown = Object.keys(PARTICULAR_ROWS).filter(
    (route) => !ROUTE_SAMPLES.some((sample) => sample.route === route),
  );
  expect(unknown).toEqual([]);
});

it('takes a token made as the forged ones are, with nothing wrong', async () => {
  const headers = { Authorization: `Bearer ${forged.sound}` };
  for (const [service, path] of [
    ['ff', '/v1/flags'],
    ['admin', '/api/cutover'],
  ] as const) {
    expect(await doors[service].wire.send({ method: 'GET', path, headers })).toMatchObject({ status: 200 });
  }
});

describe.each(ROUTE_SAMPLES.map((sample): [string, RouteSample] => [`${sample.service} ${sample.route}`, sample]))(
  '%s',
  (_, sample) => {
    const { service, route, scope, body } = sample;

    it('refuses every method that its path does not take', async () => {
      await expectRefused(sample, (base) => methodRows(base, doors[service].document));
    });

    if (LISTENS_TO_NOTHING(sample)) return;

    it('refuses who has no token, a forged one, or one without the scope', async () => {
      const good = await plane.token();
      const others = SCOPES.filter((other) => other !== scope);
      const lacking = await plane.token({ scopes: others });
      await expectRefused(sample, (base) => {
        const { Authorization: _token, ...headers } = base.request.headers;
        return [
          { name: 'no token', request: { ...base.request, headers }, expected: '401 token_missing' },
          { name: 'an empty header', request: withHeader(base, 'Authorization', ''), expected: '401 token_missing' },
          ...wrongHeaders(good).map((header) => ({
            name: header.replaceAll(good, 'TOKEN'),
            request: withHeader(base, 'Authorization', header),
            expected: '401 token_invalid',
          })),
          ...Object.entries(forged.wrong).map(([name, token]) => ({
            name: `a token ${name}`,
            request: withHeader(base, 'Authorization', `Bearer ${token}`),
            expected: '401 token_invalid',
          })),
          {
            name: `a token without ${String(scope)}`,
            request: withHeader(base, 'Authorization', `Bearer ${lacking}`),
            expected: '403 insufficient_scope',
          },
        ];
      });
    });

    it('refuses ids, parameters and headers that are none', async () => {
      await expectRefused(sample, (base) => [...pathRows(base), ...queryRows(base), ...headerRows(base, forged)]);
    });

    if (body !== undefined) {
      it('refuses bytes that are no body', async () => {
        await expectRefused(sample, byteRows);
      });
    } else if (!route.startsWith('GET ')) {
      it('refuses bytes that are no body, and a body that it does not take', async () => {
        await expectRefused(sample, (base) => [...byteRows(base), ...needlessBodyRows(base)]);
      });
    }

    if (body !== undefined && route !== CHECKED_FURTHER_IN) {
      it('refuses a body that is not its own', async () => {
        await expectRefused(sample, (base) => [...bodyShapeRows(base), ...fieldRows(base)]);
      });
    }

    const particular = PARTICULAR_ROWS[route];
    if (particular !== undefined) {
      it('refuses what its own rules refuse', async () => {
        await expectRefused(sample, (base) => particular(base, bound));
      });
    }
  },
);
