import { MeasuredProcess } from './child.ts';
import type { Ratios } from './floors.ts';
import { fire, type Shot } from './load.ts';
import { ratios, spread } from './statistics.ts';
import { row, say } from './table.ts';
import { flagKey } from './workload.ts';

/** Overrides that are set over and over, so that each write of one changes it. */
const KEYS = 64;
const CALLERS = [1, 8, 32] as const;

/** Override writes in process and over HTTP, beside bare append and fdatasync. */
export async function compareWrites(product: MeasuredProcess, rounds: number): Promise<Ratios> {
  await product.ask('writes', 8);
  const lineBytes = await product.ask('lineBytes');
  const append = await MeasuredProcess.start(new URL('./processes/append.ts', import.meta.url), { lineBytes });
  say(`\nOverride writes per second, beside append + fdatasync of lines of ${lineBytes} bytes, grouped alike`);
  row('', 'append + fdatasync', 'file store', 'of append', 'over HTTP', 'of append');
  const measured = [];
  for (const callers of CALLERS) measured.push(await compare(product, append, callers, rounds));
  await append.stop();
  const [one, eight, many] = measured;
  return {
    writes1: one?.inProcess ?? [],
    writes8: eight?.inProcess ?? [],
    writes32: many?.inProcess ?? [],
    httpWrites1: one?.overHttp ?? [],
    httpWrites8: eight?.overHttp ?? [],
    httpWrites32: many?.overHttp ?? [],
  };
}

async function compare(product: MeasuredProcess, append: MeasuredProcess, callers: number, rounds: number) {
  const bare: number[] = [];
  const inProcess: number[] = [];
  const overHttp: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await append.ask('writes', callers));
    inProcess.push(await product.ask('writes', callers));
    overHttp.push(await httpRate(product, callers));
  }
  const ofBare = { inProcess: ratios(inProcess, bare), overHttp: ratios(overHttp, bare) };
  row(
    `${callers} caller${callers === 1 ? '' : 's'}`,
    spread(bare, 0),
    spread(inProcess, 0),
    spread(ofBare.inProcess),
    spread(overHttp, 0),
    spread(ofBare.overHttp),
  );
  return ofBare;
}

/** Counted in lines of the journal: where one overtakes another on its way, a change may find nothing to do. */
async function httpRate(product: MeasuredProcess, callers: number): Promise<number> {
  const requests = callers === 1 ? 256 : KEYS * 16;
  const before = await product.ask('lines');
  const seconds = await fire(shots(product), { requests, connections: callers });
  return ((await product.ask('lines')) - before) / seconds;
}

/** Twice through all keys: off, then on. */
function shots({ port, ready }: MeasuredProcess): readonly Shot[] {
  return Array.from({ length: KEYS * 2 }, (_, index) => ({
    port,
    method: 'PUT',
    path: `/v1/flags/override/tenant/T-http-${index % KEYS}/${flagKey(0)}`,
    headers: { authorization: `Bearer ${ready.token}` },
    body: JSON.stringify({ variant: index < KEYS ? 'off' : 'on', reason: 'bench' }),
  }));
}
