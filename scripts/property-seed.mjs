// Every fast-check property draws the same values on every run, so that a red test is red again and a mutant that was
// killed is killed again. PROPERTY_SEED=NUMBER draws others, PROPERTY_SEED=anew others each time (npm run test:long).
// fast-check names the seed of a property that failed.
import * as fc from 'fast-check';

const asked = process.env.PROPERTY_SEED ?? '20261126';
if (asked !== 'anew') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked) });
