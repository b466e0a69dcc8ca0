import { MeasuredProcess } from './child.ts';
import type { Ratios } from './floors.ts';
import { fire, type Shot } from './load.ts';
import { ratios, spread } from './statistics.ts';
import { row, say } from './table.ts';
import { BULK, ONE, USERS } from './workload.ts';

const CONNECTIONS = 16;
/** Requests before anything is counted, as a multiple of a round's: until everything is compiled. */
const WARM_UP = 1;

interface Contest {
  readonly name: 'one' | 'bulk';
  readonly title: string;
  readonly path: string;
  readonly body: object;
  readonly requests: number;
}

const ONE_FLAG: Contest = {
  name: 'one',
  title: 'One flag over HTTP, with a verified token and an override',
  path: '/v1/flags/evaluate',
  body: ONE,
  requests: 24_000,
};
const FIFTY_FLAGS: Contest = {
  name: 'bulk',
  title: '50 flags over HTTP, 10 with an override, 10 with a rule',
  path: '/v1/flags/evaluate/bulk',
  body: BULK,
  requests: 2_400,
};

interface Figures {
  readonly cpuMicros: number[];
  readonly perSecond: number[];
}

/** FF beside a bare server of the same answer's size and a Fastify route with the same schemas. */
export async function compareHttp(product: MeasuredProcess, rounds: number): Promise<Ratios> {
  const one = await compare(ONE_FLAG, product, rounds);
  const bulk = await compare(FIFTY_FLAGS, product, rounds);
  return {
    oneOfBare: ratios(one.bare, one.product),
    oneOfFastify: ratios(one.fastify, one.product),
    bulkOfBare: ratios(bulk.bare, bulk.product),
    bulkOfFastify: ratios(bulk.fastify, bulk.product),
  };
}

/** @returns processor microseconds of a request, round by round */
async function compare(contest: Contest, product: MeasuredProcess, rounds: number) {
  const { samples } = product.ready;
  const answer = samples[contest.name] ?? '';
  const bare = await MeasuredProcess.start(script('bare'), { answer });
  const fastify = await MeasuredProcess.start(script('fastify'), samples);
  const servers = { bare, fastify, product };
  const figures = { bare: noFigures(), fastify: noFigures(), product: noFigures() };
  const names = ['bare', 'fastify', 'product'] as const;
  for (const name of names) await volley(contest, servers[name], product.ready.token, WARM_UP);
  for (let round = 0; round < rounds; round += 1) {
    // Each round begins with another of them: whatever follows the first finds the processor warm.
    for (const offset of names.keys()) {
      const name = names[(round + offset) % names.length] ?? 'bare';
      const before = await servers[name].ask('cpu');
      const seconds = await volley(contest, servers[name], product.ready.token, 1);
      figures[name].cpuMicros.push(((await servers[name].ask('cpu')) - before) / contest.requests);
      figures[name].perSecond.push(contest.requests / seconds);
    }
  }
  await Promise.all([bare.stop(), fastify.stop()]);
  say(`\n${contest.title} (${answer.length} bytes, ${CONNECTIONS} connections)`);
  row('', 'CPU µs/request', 'requests/s', 'rate, of bare');
  for (const [name, title] of TITLES) {
    const { cpuMicros, perSecond } = figures[name];
    row(title, spread(cpuMicros, 1), spread(perSecond, 0), spread(ratios(perSecond, figures.bare.perSecond)));
  }
  return {
    bare: figures.bare.cpuMicros,
    fastify: figures.fastify.cpuMicros,
    product: figures.product.cpuMicros,
  };
}

const TITLES = [
  ['bare', 'bare node:http'],
  ['fastify', 'Fastify, same schemas'],
  ['product', 'FF'],
] as const;

const noFigures = (): Figures => ({ cpuMicros: [], perSecond: [] });

/** In turn by all users, since services are seldom asked twice in a row about the same one. */
function volley({ path, body, requests }: Contest, server: MeasuredProcess, token: string, times: number) {
  const headers = { authorization: `Bearer ${token}` };
  const shots = USERS.map((user_id): Shot => {
    return { port: server.port, method: 'POST', path, headers, body: JSON.stringify({ ...body, user_id }) };
  });
  return fire(shots, { requests: requests * times, connections: CONNECTIONS });
}

function script(name: string): URL {
  return new URL(`./processes/${name}.ts`, import.meta.url);
}
