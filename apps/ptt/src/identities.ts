import { SharedTexts, type SharedTier } from '#libs/cache';
import {
  DecodeOnlyTokens,
  FileServiceToken,
  HttpJwksSource,
  IssuerServer,
  JoseSignatures,
  JwksKeySet,
  MintedServiceToken,
  SubjectTokens,
  TieredJwksSource,
  VerifiedTokens,
  type DevelopmentIssuer,
  type KeySet,
  type ServiceToken,
  type TokenReader,
} from '#libs/identity';
import { urlOf, type Ambient, type Log, type Settings } from '#libs/platform';
import type { Ends } from './ends.ts';

interface IdentityParts {
  readonly settings: Settings;
  readonly ambient: Ambient;
  readonly log: Log;
  /** What replicas share; null where nothing is cached. */
  readonly tier: SharedTier | null;
  readonly replicas?: readonly Settings['ffVerifyMode'][];
}

interface IssuersKeys {
  readonly set: KeySet;
  /** The way to what replicas share of them. */
  readonly jwks: SharedTexts | null;
}

/** Who reads tokens, by which keys, and FF's own token for Admin. */
export class Identities {
  readonly #issuer: DevelopmentIssuer;
  readonly #jwksUrl: string;
  readonly #parts: IdentityParts;
  readonly #ends: Ends;
  #own: IssuersKeys | null = null;
  #isOwnGivenToFf = false;

  private constructor(issuer: DevelopmentIssuer, jwksUrl: string, parts: IdentityParts, ends: Ends) {
    this.#issuer = issuer;
    this.#jwksUrl = jwksUrl;
    this.#parts = parts;
    this.#ends = ends;
  }

  /** Serves the development issuer's keys, unless nobody verifies or another issuer is trusted. */
  static async start(issuer: DevelopmentIssuer, parts: IdentityParts, ends: Ends): Promise<Identities> {
    const { settings, replicas = [settings.ffVerifyMode] } = parts;
    const isVerifying = settings.adminVerifyMode === 'verified' || replicas.includes('verified');
    if (!isVerifying || settings.issuerUrl !== urlOf(settings.issuerListen)) {
      return new Identities(issuer, settings.jwksUrl, parts, ends);
    }
    const { host, port } = settings.issuerListen;
    const server = await IssuerServer.start(issuer, { host, port, profile: settings.profile, isRehearsal: false });
    ends.add(() => server.close());
    // With port 0 the settings cannot know the address; the issuer's name stays what they say.
    const { jwksUrl } = settings;
    return new Identities(issuer, port === 0 ? jwksUrl.replace(':0/', `:${server.port}/`) : jwksUrl, parts, ends);
  }

  /** The first replica that verifies has this process's keys; those beside it stand for processes of their own. */
  forFf(mode: Settings['ffVerifyMode']): { tokens: TokenReader; jwks: SharedTexts | null } {
    // Admin hears of no invalidation: whichever replica of its process does has its keys forgotten.
    if (mode === 'decode-only') return { tokens: new DecodeOnlyTokens(() => this.#own?.set.flush()), jwks: null };
    const keys = this.#isOwnGivenToFf ? this.#issuersKeys() : this.#ownKeys();
    this.#isOwnGivenToFf = true;
    return { tokens: this.#verified(keys, 'ptt-ff'), jwks: keys.jwks };
  }

  forAdmin(): TokenReader {
    return this.#reader(this.#parts.settings.adminVerifyMode, 'ptt-admin');
  }

  /** FF's callers' tokens, as Admin reads them. */
  subjects(): SubjectTokens {
    return new SubjectTokens(this.#reader(this.#parts.settings.adminVerifyMode, 'ptt-ff'));
  }

  /** FF's own token: from its file, or minted by the development issuer. */
  serviceToken(): ServiceToken {
    const { ffServiceTokenFile } = this.#parts.settings;
    if (ffServiceTokenFile !== null) return new FileServiceToken(ffServiceTokenFile);
    return new MintedServiceToken(this.#issuer, this.#parts.ambient.clock, {
      subject: 'ff',
      audience: 'ptt-admin',
      scopes: ['admin:check', 'admin:read'],
    });
  }

  #reader(mode: Settings['ffVerifyMode'], audience: string): TokenReader {
    return mode === 'decode-only' ? new DecodeOnlyTokens() : this.#verified(this.#ownKeys(), audience);
  }

  #verified({ set }: IssuersKeys, audience: string): TokenReader {
    const { ambient, settings } = this.#parts;
    return new VerifiedTokens(set, ambient.clock, { issuer: settings.issuerUrl, audience });
  }

  /** One set for everybody in this process. */
  #ownKeys(): IssuersKeys {
    this.#own ??= this.#issuersKeys();
    return this.#own;
  }

  #issuersKeys(): IssuersKeys {
    const { ambient, log, settings } = this.#parts;
    const issuers = new HttpJwksSource(this.#jwksUrl);
    const jwks = this.#sharedJwks();
    const set = new JwksKeySet({
      source: jwks === null ? issuers : new TieredJwksSource(issuers, jwks, settings.issuerUrl),
      signatures: new JoseSignatures(),
      clock: ambient.clock,
      scheduler: ambient.scheduler,
      report: (err) => log.warn('the issuer’s keys could not be read', { err }),
    });
    return { set, jwks };
  }

  #sharedJwks(): SharedTexts | null {
    const { ambient, log, tier } = this.#parts;
    if (tier === null) return null;
    const jwks = new SharedTexts('jwks', {
      tier,
      clock: ambient.clock,
      scheduler: ambient.scheduler,
      report: (err) =>
        log.warn('the cache was passed by for the issuer’s keys, or what it has of them not replaced', { err }),
    });
    this.#ends.add(async () => jwks.close());
    return jwks;
  }
}
