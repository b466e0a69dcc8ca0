import type { Verification } from '#libs/audit';
import { unreachable, type JsonObject } from '#libs/kernel';

/** A verification as contracts/http/audit-verification.schema.json has it. */
export function verificationAnswer(verification: Verification): JsonObject {
  switch (verification.kind) {
    case 'sound':
      return {
        result: 'sound',
        sources: verification.sources.map(({ source, firstSequence, lastSequence, lastHash, count }) => ({
          source,
          first_sequence: firstSequence,
          last_sequence: lastSequence,
          last_hash: lastHash,
          count,
        })),
      };
    case 'altered': {
      const { what, source, sequence, detail } = verification;
      return { result: 'altered', what, source, sequence, detail };
    }
    case 'gap': {
      const { source, missing, next, detail } = verification;
      return { result: 'gap', source, missing, next, detail };
    }
    case 'unchecked':
      return { result: 'unchecked', detail: verification.detail };
    default:
      return unreachable(verification);
  }
}
