export { KEY, tierContract } from './tier-contract.ts';
