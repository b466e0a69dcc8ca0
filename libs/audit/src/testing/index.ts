export { CHAIN_AT, chainOf, entriesOf } from './chains.ts';
export { CollectedOut } from './collected-out.ts';
