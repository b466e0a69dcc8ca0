export { signaturesContract, type SignaturesUnderTest } from './signatures-contract.ts';
export {
  assemble,
  AUDIENCE,
  claimsAt,
  ISSUER,
  jwksOf,
  keySet,
  keySetUp,
  partOf,
  ScriptedJwks,
  sign,
  testKey,
  type TestKey,
} from './test-issuer.ts';
