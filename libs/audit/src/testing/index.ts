export { CHAIN_AT, chainOf, entriesOf } from './chains.ts';
export { CollectedOut } from './collected-out.ts';
export { recordsOf } from './records-of.ts';
