import type { SharedTexts } from '#libs/cache';
import {
  JwksKeySet,
  JwksSource,
  type JwksText,
  TieredJwksSource,
  type TokenReader,
  VerifiedTokens,
} from '#libs/identity';
import { invariant, SCOPES } from '#libs/kernel';
import type { Chance } from '../chance.ts';
import { type ModelledKey, ModelledSignatures } from '../models/modelled-signatures.ts';
import { EPOCH } from '../time/virtual-time.ts';
import { ObservedTokens } from './observed-tokens.ts';
import { SimProcess } from './process.ts';
import type { Site } from './site.ts';

const URL = 'http://issuer';
/** Longer than any world lasts, whatever its clocks say. */
const TTL_SECONDS = 7_200;
/** Services know each other's time by so little. */
const BORN_BEFORE_SECONDS = 600;

export type KeyStanding = 'published' | 'removed' | 'unknown';

interface Person {
  readonly id: string;
  readonly roles: readonly string[];
}

interface Signer {
  readonly key: ModelledKey;
  readonly tokens: Map<string, string>;
}

/** The issuer: its key set on a machine of its own, and the tokens that people have of it. */
export class Issuer {
  readonly process: SimProcess;
  /** When each key was taken out of the set. */
  readonly removedAt = new Map<string, number>();
  readonly #site: Site;
  readonly #signatures = new ModelledSignatures();
  readonly #forgeries = new Set<string>();
  readonly #chance: Chance;
  #signers: readonly Signer[] = [];
  #named = 0;

  constructor(site: Site) {
    this.#site = site;
    this.#chance = site.chance('issuer');
    this.process = new SimProcess('issuer', site.time, site.wall('issuer'));
    this.rotate();
  }

  /** Another key signs; the one before stays in the set until it is removed. */
  rotate(): void {
    this.#named += 1;
    this.#signers = [...this.#signers, { key: this.#signatures.newKey(`k-${this.#named}`), tokens: new Map() }];
  }

  /** The oldest key is out of the set, at once. */
  removeOldest(): void {
    const [oldest, ...others] = this.#signers;
    if (oldest === undefined || others.length === 0) return;
    this.#signers = others;
    this.removedAt.set(oldest.key.kid, this.#site.time.now);
    this.#held = [...this.#held.slice(-2), oldest];
  }

  /** Keys that are out of the set, and that somebody still has tokens of. */
  #held: readonly Signer[] = [];

  /** What there is of a key of that name. Anybody may name one in a token. */
  standingOf(kid: string): KeyStanding {
    if (this.removedAt.has(kid)) return 'removed';
    return this.#signers.some(({ key }) => key.kid === kid) ? 'published' : 'unknown';
  }

  /** A token as somebody has one: mostly of the key that signs now, at times of an older one, or forged. */
  token({ id, roles }: Person): string {
    const draw = this.#chance.next();
    if (draw < 0.01) return this.#forged(id);
    const signers = draw < 0.04 ? [...this.#held, ...this.#signers] : this.#signers.slice(-2);
    const signer = draw < 0.2 ? this.#chance.pick(signers) : signers.at(-1);
    return signer === undefined ? this.#forged(id) : this.#tokenOf(signer, { id, roles });
  }

  /** A token of the key that signs now. */
  freshToken(person: Person): string {
    const signer = this.#signers.at(-1);
    invariant(signer !== undefined, 'some key signs at any time');
    return this.#tokenOf(signer, person);
  }

  #tokenOf(signer: Signer, { id, roles }: Person): string {
    const known = signer.tokens.get(id);
    if (known !== undefined) return known;
    const token = signer.key.sign(this.#claims(id, roles));
    signer.tokens.set(id, token);
    return token;
  }

  /**
   * Reads tokens as a service on that process does.
   * @param shared what the keys are shared by, where they are
   */
  tokensOf(process: SimProcess, audience: 'ptt-ff' | 'ptt-admin', shared: SharedTexts | null): TokenReader {
    const { clock } = process;
    const issuers = new RemoteJwks(process, this, this.#site);
    const source = shared === null ? issuers : new TieredJwksSource(issuers, shared, URL);
    const keys = new JwksKeySet({
      source,
      signatures: this.#signatures,
      clock,
      scheduler: clock,
      report: this.#site.reported,
    });
    const tokens = new VerifiedTokens(keys, clock, { issuer: URL, audience });
    const { watch, time } = this.#site;
    return new ObservedTokens(tokens, (kid, isTaken, token) =>
      watch.tokenRead({
        reader: process.name,
        kid,
        isForged: this.#forgeries.has(token),
        isTaken,
        at: time.now,
      }),
    );
  }

  /** The set as it is published now. */
  jwks(): string {
    return JSON.stringify({ keys: this.#signers.map(({ key }) => key.publicJwk) });
  }

  #claims(sub: string, roles: readonly string[]) {
    const seconds = Math.floor((EPOCH + this.#site.time.now) / 1_000);
    return {
      sub,
      roles,
      iss: URL,
      aud: ['ptt-ff', 'ptt-admin'],
      scope: SCOPES.join(' '),
      iat: seconds - BORN_BEFORE_SECONDS,
      exp: seconds + TTL_SECONDS,
    };
  }

  /** Under a name that no key has, or under the name of one that is there. */
  #forged(id: string): string {
    const kid = this.#chance.chance(0.5) ? `k-${this.#chance.below(5)}` : `unknown-${this.#chance.below(1_000)}`;
    const token = this.#signatures.newKey(kid).sign(this.#claims(id, ['product_owner', 'finance_gate', 'legal_gate']));
    this.#forgeries.add(token);
    return token;
  }
}

class RemoteJwks extends JwksSource {
  constructor(
    private readonly self: SimProcess,
    private readonly issuer: Issuer,
    private readonly site: Site,
  ) {
    super();
  }

  override async read(): Promise<JwksText> {
    const { network, watch, time } = this.site;
    watch.keysRead({ reader: this.self.name, isServed: false, at: time.now });
    const text = await network.call(this.self, this.issuer.process, async () => this.issuer.jwks());
    watch.keysRead({ reader: this.self.name, isServed: true, at: time.now });
    return { text, ageMs: 0 };
  }
}
