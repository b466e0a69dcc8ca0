import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { ERRORS } from '#libs/contracts';
import { isRecord, type JsonObject } from '#libs/kernel';
import type { HttpApp } from '#libs/platform';
import type { ApiDocument } from '../support/api-document.ts';
import type { Answer, Caller } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';
import { methodOf, ROUTE_SAMPLES, type RouteSample } from './route-samples.ts';

type Service = 'ff' | 'admin';

const SERVICES: readonly Service[] = ['ff', 'admin'];

let plane: RunningPlane;
let documents: Readonly<Record<Service, ApiDocument>>;
/** What the services answered to all callers: `ff GET /v1/flags 200`. */
const seen = new Set<string>();
const codes = new Set<string>();

beforeAll(async () => {
  plane = await RunningPlane.start({
    watch: (service, method, path, { status, body }) => {
      seen.add(`${service} ${documents[service].operationOf(method, path)?.route ?? method} ${status}`);
      if (status >= 400 && typeof body['code'] === 'string') codes.add(body['code']);
    },
  });
  documents = { ff: await plane.document('ff'), admin: await plane.document('admin') };
});

afterAll(() => plane.close());

function appOf(service: Service): HttpApp {
  const [replica] = plane.plane.ff;
  const running = service === 'ff' ? replica : plane.plane.admin;
  if (running === undefined) throw new Error('there is a replica');
  return running.app;
}

/** Every route that a service's controllers have, as its document would name it. */
function routesOf(service: Service): readonly string[] {
  return [...appOf(service).nest.get(ModulesContainer).values()]
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? routesOfController(metatype) : []));
}

function routesOfController(controller: { readonly prototype: unknown }): readonly string[] {
  const { prototype } = controller;
  if (typeof prototype !== 'object' || prototype === null) return [];
  const members = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  return members.flatMap(([, { value: handler }]: [string, PropertyDescriptor]) => {
    if (typeof handler !== 'function') return [];
    const method: unknown = Reflect.getMetadata(METHOD_METADATA, handler);
    if (typeof method !== 'number') return [];
    const steps = [Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, handler)];
    const path = steps
      .map(String)
      .flatMap((step) => step.split('/'))
      .filter((step) => step !== '');
    return [`${RequestMethod[method]} /${path.map((step) => step.replace(/^:(.*)$/, '{$1}')).join('/')}`];
  });
}

/** Sends a sample's request as it stands, or as somebody without a token. */
async function send(sample: RouteSample, hasToken: boolean): Promise<Answer> {
  const token = hasToken ? { subject: 'sampler', roles: sample.roles ?? [] } : null;
  const caller: Caller = await plane[sample.service](token);
  return caller.send(methodOf(sample), sample.path, sample.body, {});
}

describe.each(SERVICES)('the OpenAPI document of %s', (service) => {
  it('is valid', async () => {
    const { document } = documents[service];
    expect(document['openapi']).toMatch(/^3\.1\./);
    expect(await new Validator().validate({ ...document })).toMatchObject({ valid: true });
  });

  it('describes every route there is', () => {
    const described = documents[service].operations.map(({ route }) => route);
    expect(described.toSorted()).toEqual(routesOf(service).toSorted());
  });

  it('says of every route what it answers, also when it refuses, by an id of its own', () => {
    const { operations, document } = documents[service];
    const ids = operations.map(({ template, method }) =>
      memberAt(document, 'paths', template, method.toLowerCase(), 'operationId'),
    );
    expect(new Set(ids).size).toBe(operations.length);
    for (const { responses } of operations) {
      expect(Object.keys(responses)).toEqual([expect.stringMatching(/^20[01]$/), 'default']);
      expect(JSON.stringify(responses['default'])).toContain('"#/components/schemas/Problem"');
    }
  });

  it('closes the set of error codes', () => {
    const allowed = memberAt(
      documents[service].document,
      'components',
      'schemas',
      'Problem',
      'properties',
      'code',
      'enum',
    );
    expect(allowed).toEqual(Object.keys(ERRORS));
  });

  it('is served for people and for tools', async () => {
    const { document } = documents[service];
    const url = service === 'ff' ? plane.plane.ff[0]?.url : plane.plane.admin.url;
    expect(await fetch(`${String(url)}/docs-json`).then((answer) => answer.json())).toEqual(document);
    const page = await fetch(`${String(url)}/docs`);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  });
});

describe('real answers', () => {
  it('are as documented on every route, in success and in refusal', async () => {
    const isJson = ({ path }: RouteSample): boolean => path !== '/metrics';
    for (const sample of ROUTE_SAMPLES.filter(isJson)) {
      await send(sample, false);
      await send(sample, true);
    }
    const expected = ROUTE_SAMPLES.filter(isJson).flatMap(({ service, route, scope, status = 200 }) => [
      `${service} ${route} ${status}`,
      ...(scope === null ? [] : [`${service} ${route} 401`]),
    ]);
    expect([...seen].filter((one) => !expected.includes(one))).toEqual([]);
    expect(expected.filter((one) => !seen.has(one))).toEqual([]);
  });

  it('are as documented where they are no JSON', async () => {
    const authorization = `Bearer ${await plane.token()}`;
    for (const [service, path] of [
      ['ff', '/metrics'],
      ['admin', '/metrics'],
      ['admin', '/api/audit?format=ndjson'],
    ] as const) {
      const url = service === 'ff' ? plane.plane.ff[0]?.url : plane.plane.admin.url;
      const answer = await fetch(`${String(url)}${path}`, { headers: { authorization } });
      const mediaType = answer.headers.get('content-type') ?? '';
      const parts = { status: answer.status, mediaType, body: await answer.text() };
      expect(mediaType).not.toMatch(/^application\/json/);
      expect(parts.body).not.toBe('');
      expect(documents[service].faultsOf('GET', path, parts)).toEqual([]);
    }
  });

  it('of every kind stay within the closed set of codes', async () => {
    const ff = await plane.ff();
    const admin = await plane.admin();
    const bound = await plane.ff({ tenants: ['T-other'] });
    const reader = await plane.ff({ scopes: ['ff:read'] });
    const override = '/v1/flags/override/tenant/T-pty/ff.example';
    const approvals = '/api/policy/approvals';
    const body = { value: true, reason: 'x' };
    await ff.get('/v1/nothing');
    await ff.send('PATCH', '/v1/flags', {}, {});
    await ff.get('/v1/flags/ff.nothing');
    await ff.get('/v1/flags?cursor=!');
    await ff.get('/v1/flags?limit=0');
    await ff.post('/v1/flags/evaluate', {});
    await ff.post('/v1/flags/evaluate', { flag_key: 'a', extra: 1 });
    await ff.put(override, body, { 'if-match': '"999999"' });
    await ff.put(override, body, { 'if-match': '*' });
    await ff.put(override, { ...body, value: 'false' });
    await ff.put(override, { ...body, expires_at: '2020-01-01T00:00:00Z' });
    await ff.put(override, body, { 'content-type': 'text/plain' });
    await bound.put(override, body);
    await reader.put(override, body);
    await ff.post('/v1/flags/registry/import', {});
    await admin.get(`${approvals}/APP-999999-x`);
    await admin.post(approvals, { target_type: 'a', target_id: 'b', matrix_row: 'c', justification: 'd' });
    await admin.post(`${approvals}/APP-100005-withdrawn/withdraw`, { revision: 1, reason: 'x' });
    await admin.post(`${approvals}/APP-100005-withdrawn/sign`, { revision: 1, role: 'x' });
    await admin.post(
      '/api/policy/preview',
      { target_type: 'a', target_id: 'b', matrix_row: 'c' },
      { 'ptt-subject-token': 'x' },
    );
    expect([...codes].filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
    expect(codes.size).toBeGreaterThanOrEqual(18);
  });
});

describe('an answer that is not as documented', () => {
  const flag = { status: 200, mediaType: 'application/json', body: { status: 'alive' } };

  it.each<[string, string, Parameters<ApiDocument['faultsOf']>[2], string]>([
    ['has a member too few', '/healthz', { ...flag, body: {} }, ": must have required property 'status'"],
    [
      'has a value outside its set',
      '/healthz',
      { ...flag, body: { status: 'dead' } },
      '/status: must be equal to one of the allowed values',
    ],
    ['has another status', '/healthz', { ...flag, status: 204 }, '204 is not documented'],
    [
      'has another media type',
      '/healthz',
      { ...flag, mediaType: 'text/html' },
      'text/html is answered, and application/json documented',
    ],
    [
      'is no problem',
      '/healthz',
      { ...flag, status: 500 },
      'application/json is answered, and application/problem+json documented',
    ],
    [
      'is half a problem',
      '/healthz',
      { status: 500, mediaType: 'application/problem+json', body: {} },
      ": must have required property 'type'",
    ],
    ['is of no route', '/nothing', flag, '200 is not documented'],
    [
      'has a member too many',
      '/v1/flags',
      { ...flag, body: { flags: [], next_cursor: null, extra: 1 } },
      ': must NOT have additional properties',
    ],
  ])('is found: it %s', (_what, path, answer, fault) => {
    expect(documents.ff.faultsOf('GET', path, answer)).toContain(fault);
  });

  it('fails the call that got it', async () => {
    const ff = await plane.ff();
    await expect(ff.get('/docs-json')).rejects.toThrow('the answer is not as documented: 200 is not documented');
  });
});

function memberAt(document: JsonObject, ...steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), document);
}
