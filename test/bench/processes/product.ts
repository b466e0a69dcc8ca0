// The product: FF with Admin and issuer beside it, as one process.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { SetOverride } from '#libs/flags';
import { Dispatcher, FileStore } from '#libs/platform';
import { announce } from '../child.ts';
import { benchOrigin, startProduct } from '../product.ts';
import { rateOf } from '../rate.ts';
import { BULK, flagKey, ONE } from '../workload.ts';

const product = await startProduct();
const dispatcher = product.nest.get(Dispatcher);
const files = product.nest.get(FileStore);

/** The use case as a route enters it; each caller has tenants of its own, and every change is one. */
function write(caller: number, turn: number): Promise<unknown> {
  const key = { scope: 'tenant', subject_id: `T-${caller}`, flag_key: flagKey(turn % 10) } as const;
  const variant = Math.floor(turn / 10) % 2 === 0 ? 'on' : 'off';
  return dispatcher.execute(new SetOverride(key, { variant }, 'bench', null, null), benchOrigin());
}

announce(
  {
    port: Number(new URL(product.url).port),
    token: product.token,
    samples: {
      one: await product.post('/v1/flags/evaluate', ONE),
      bulk: await product.post('/v1/flags/evaluate/bulk', BULK),
    },
  },
  {
    writes: (callers) => rateOf(callers, write),
    lines: () => files.line,
    /** Of one line of the journal, its share of the frame included. */
    lineBytes: () => Math.round(statSync(join(product.dataDir, 'ff', 'journal.log')).size / files.line),
  },
  () => product.close(),
);
