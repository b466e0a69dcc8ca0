import {
  DecodeOnlyTokens,
  FileServiceToken,
  HttpJwksSource,
  IssuerServer,
  JoseSignatures,
  JwksKeySet,
  MintedServiceToken,
  SubjectTokens,
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
  readonly replicas?: readonly Settings['ffVerifyMode'][];
}

/** Who reads tokens, by which keys, and FF's own token for Admin. */
export class Identities {
  readonly #issuer: DevelopmentIssuer;
  readonly #jwksUrl: string;
  readonly #parts: IdentityParts;
  #keys: KeySet | null = null;

  private constructor(issuer: DevelopmentIssuer, jwksUrl: string, parts: IdentityParts) {
    this.#issuer = issuer;
    this.#jwksUrl = jwksUrl;
    this.#parts = parts;
  }

  /** Serves the development issuer's keys, unless nobody verifies or another issuer is trusted. */
  static async start(issuer: DevelopmentIssuer, parts: IdentityParts, ends: Ends): Promise<Identities> {
    const { settings, replicas = [settings.ffVerifyMode] } = parts;
    const isVerifying = settings.adminVerifyMode === 'verified' || replicas.includes('verified');
    if (!isVerifying || settings.issuerUrl !== urlOf(settings.issuerListen)) {
      return new Identities(issuer, settings.jwksUrl, parts);
    }
    const { host, port } = settings.issuerListen;
    const server = await IssuerServer.start(issuer, { host, port, profile: settings.profile, isRehearsal: false });
    ends.add(() => server.close());
    // With port 0 the settings cannot know the address; the issuer's name stays what they say.
    const { jwksUrl } = settings;
    return new Identities(issuer, port === 0 ? jwksUrl.replace(':0/', `:${server.port}/`) : jwksUrl, parts);
  }

  forFf(mode: Settings['ffVerifyMode']): TokenReader {
    return this.#reader(mode, 'ptt-ff');
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
    if (mode === 'decode-only') return new DecodeOnlyTokens();
    const { ambient, settings } = this.#parts;
    this.#keys ??= this.#issuersKeys();
    return new VerifiedTokens(this.#keys, ambient.clock, { issuer: settings.issuerUrl, audience });
  }

  /** One set for everybody in this process. */
  #issuersKeys(): KeySet {
    const { ambient, log } = this.#parts;
    return new JwksKeySet({
      source: new HttpJwksSource(this.#jwksUrl),
      signatures: new JoseSignatures(),
      clock: ambient.clock,
      scheduler: ambient.scheduler,
      report: (err) => log.warn('the issuer’s keys could not be read', { err }),
    });
  }
}
