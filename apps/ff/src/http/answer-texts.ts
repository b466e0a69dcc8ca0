import { Injectable } from '@nestjs/common';
import type { BulkFlagAnswer, Chain, ChainLink, FlagAnswer } from '#libs/flags';
import { LIMITS } from '#libs/kernel';

/** The text of one flag's answer but for the two links that name the subject. */
interface Parts {
  /** All before the link of the user's override. */
  readonly head: string;
  /** All behind the link of the tenant's override, with a comma after it. */
  readonly tail: string;
}

/** The end of a tail: of `meta`, of the answer, and what stands before the next one. */
const END = '}},';

/**
 * The JSON of evaluation answers, to the letter as `JSON.stringify` writes it, in a fifth of its time where many flags
 * are asked. A flag answers most subjects alike but for their own ids. So the text of its last answer is kept, with a
 * gap for the links of the overrides, which name the subject; and these are alike for most flags of one request.
 */
@Injectable()
export class AnswerTexts {
  readonly #kept = new Map<string, Parts & { readonly answer: BulkFlagAnswer }>();
  readonly #subjectLinks = new SubjectLinks();
  readonly #counts = { kept: 0, written: 0 };

  /** Answers for a flag by where their text came from, since the start. */
  get counts(): Readonly<Record<'kept' | 'written', number>> {
    return this.#counts;
  }

  /** Flags whose last answer is kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** Of an answer with what differs from call to call at the end of its `meta`. */
  one(answer: FlagAnswer): string {
    const { head, tail } = this.#partsOf(answer);
    const { chain, cache, replica, correlation_id, evaluated_at } = answer.meta;
    const call = JSON.stringify({ cache, replica, correlation_id, evaluated_at });
    return `${head}${this.#subjectLinks.of(chain)}${tail.slice(0, -END.length)},${call.slice(1)}}`;
  }

  /** Of the body of a bulk evaluation. */
  many({ flags }: { readonly flags: readonly BulkFlagAnswer[] }): string {
    let answers = '';
    for (const answer of flags) {
      const { head, tail } = this.#partsOf(answer);
      // Each of the three is at hand as it is: whoever sends the text joins fewer pieces.
      answers += head;
      answers += this.#subjectLinks.of(answer.meta.chain);
      answers += tail;
    }
    return `{"flags":[${answers.slice(0, -1)}]}`;
  }

  #partsOf(answer: BulkFlagAnswer): Parts {
    const kept = this.#kept.get(answer.flag_key);
    if (kept !== undefined && isAlike(kept.answer, answer)) {
      this.#counts.kept += 1;
      return kept;
    }
    this.#counts.written += 1;
    const parts = partsOf(answer);
    // Callers can make up any number of keys that no flag has.
    if (answer.meta.flag_version !== null && parts.head.length + parts.tail.length <= LIMITS.keptAnswerLength) {
      if (kept === undefined && this.#kept.size >= LIMITS.keptAnswers) this.#kept.clear();
      this.#kept.set(answer.flag_key, { answer: withoutSubject(answer), ...parts });
    }
    return parts;
  }
}

/** The text of the links of both overrides, kept for as long as it is asked for the same again. */
class SubjectLinks {
  #chain: Chain | null = null;
  #text = '';

  of(chain: Chain): string {
    if (this.#chain === null || !isSameSubject(this.#chain, chain)) {
      this.#chain = chain;
      this.#text = `${JSON.stringify(chain[0])},${JSON.stringify(chain[1])}`;
    }
    return this.#text;
  }
}

function isSameSubject([user, tenant]: Chain, [otherUser, otherTenant]: Chain): boolean {
  return (
    user.subject === otherUser.subject &&
    tenant.subject === otherTenant.subject &&
    isSameOutcome(user, otherUser) &&
    isSameOutcome(tenant, otherTenant)
  );
}

function partsOf({ flag_key, enabled, value, variant, reason, warnings, meta }: BulkFlagAnswer): Parts {
  const { backing_state, verification, gate, approval_ref, ttl_state, operator_alert, flag_version } = meta;
  const [, , ...below] = meta.chain;
  const own = { flag_key, enabled, value, variant, reason, warnings };
  const standing = { backing_state, verification, gate, approval_ref, ttl_state, operator_alert, flag_version };
  return {
    head: `${JSON.stringify(own).slice(0, -1)},"meta":${JSON.stringify(standing).slice(0, -1)},"chain":[`,
    tail: `,${JSON.stringify(below).slice(1)}${END}`,
  };
}

const NO_LINK: ChainLink = { layer: 'user_override', outcome: 'absent' };

/** What the parts say: the values of overrides that do not count may be large. */
function withoutSubject({ meta, ...own }: BulkFlagAnswer): BulkFlagAnswer {
  const [, , targeting, registryDefault] = meta.chain;
  return { ...own, meta: { ...meta, chain: [NO_LINK, NO_LINK, targeting, registryDefault] } };
}

/** Whether two answers of a flag differ in nothing but the subject. Values are never changed in place, so the same one has the same text. */
function isAlike(one: BulkFlagAnswer, other: BulkFlagAnswer): boolean {
  return (
    one.enabled === other.enabled &&
    one.value === other.value &&
    one.variant === other.variant &&
    one.reason === other.reason &&
    isSameList(one.warnings, other.warnings) &&
    isAlikeInMeta(one.meta, other.meta)
  );
}

function isAlikeInMeta(one: BulkFlagAnswer['meta'], other: BulkFlagAnswer['meta']): boolean {
  return (
    one.backing_state === other.backing_state &&
    one.verification === other.verification &&
    one.gate?.matrix_row === other.gate?.matrix_row &&
    one.gate?.decision === other.gate?.decision &&
    one.approval_ref === other.approval_ref &&
    one.ttl_state === other.ttl_state &&
    one.operator_alert === other.operator_alert &&
    one.flag_version === other.flag_version &&
    isSameOutcome(one.chain[2], other.chain[2]) &&
    isSameOutcome(one.chain[3], other.chain[3])
  );
}

function isSameOutcome(one: ChainLink, other: ChainLink): boolean {
  return one.outcome === other.outcome && one.value === other.value;
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((item, index) => item === other[index]));
}
