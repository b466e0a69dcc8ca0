export {
  assemble,
  AUDIENCE,
  claimsAt,
  ISSUER,
  jwksOf,
  ScriptedJwks,
  sign,
  testKey,
  type TestKey,
} from './test-issuer.ts';
