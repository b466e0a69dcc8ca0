import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlane, type Plane } from '#apps/ptt';
import type { TokenRequest } from '#libs/identity';
import { SCOPES } from '#libs/kernel';
import { nodeAmbient, readSettings, type Ambient, type Settings } from '#libs/platform';
import { CollectingLog } from '#libs/platform/testing';
import { ApiDocument } from './api-document.ts';
import { Caller, type Answer } from './caller.ts';
import { CollectedEnvelopes } from './collected-envelopes.ts';

export interface RunningPlaneOptions {
  /** Settings by variable; ports and data folder are the plane's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly replicas?: readonly Settings['ffVerifyMode'][];
  /** Time of the services, where a test turns the clock. */
  readonly ambient?: Ambient;
  /** Kept on closing, for a second start. */
  readonly dataDir?: string;
  readonly watch?: (service: 'ff' | 'admin', method: string, path: string, answer: Answer) => void;
}

const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');

/**
 * A whole plane on ports of its own and a data folder of its own, which goes with it. Every answer that its callers
 * get is held against the service's OpenAPI document.
 */
export class RunningPlane {
  readonly #documents = new Map<'ff' | 'admin', Promise<ApiDocument>>();

  private constructor(
    readonly plane: Plane,
    readonly dataDir: string,
    readonly envelopes: CollectedEnvelopes,
    readonly log: CollectingLog,
    private readonly options: RunningPlaneOptions,
  ) {}

  static async start(options: RunningPlaneOptions = {}): Promise<RunningPlane> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ptt-plane-')));
    const { settings } = readSettings({
      PTT_FF_LISTEN: '127.0.0.1:0',
      PTT_ADMIN_LISTEN: '127.0.0.1:0',
      PTT_ISSUER_LISTEN: '127.0.0.1:0',
      PTT_DATA_DIR: dataDir,
      ...options.env,
    });
    const envelopes = new CollectedEnvelopes();
    const log = new CollectingLog();
    const plane = await startPlane({
      settings,
      fixtures: FIXTURES,
      ambient: options.ambient ?? nodeAmbient(),
      envelopes,
      log,
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
    });
    return new RunningPlane(plane, dataDir, envelopes, log, options);
  }

  /** A caller of FF, of the replica of that index; every scope unless the token says otherwise. */
  async ff(token: Partial<TokenRequest> | null = {}, replica = 0): Promise<Caller> {
    const running = this.plane.ff[replica];
    if (running === undefined) throw new Error(`there is no replica ${replica}`);
    return this.#caller('ff', running.url, token);
  }

  /** A caller of Admin. */
  admin(token: Partial<TokenRequest> | null = {}): Promise<Caller> {
    return this.#caller('admin', this.plane.admin.url, token);
  }

  token(token: Partial<TokenRequest> = {}): Promise<string> {
    return this.plane.issuer.issue({
      subject: 'somebody',
      audience: ['ptt-ff', 'ptt-admin'],
      scopes: SCOPES,
      ttlSeconds: 3_600,
      ...token,
    });
  }

  /** The service's OpenAPI document, as it serves it. */
  document(service: 'ff' | 'admin'): Promise<ApiDocument> {
    const [replica] = this.plane.ff;
    const url = service === 'ff' ? (replica?.url ?? '') : this.plane.admin.url;
    const document = this.#documents.get(service) ?? ApiDocument.of(url);
    this.#documents.set(service, document);
    return document;
  }

  async close(): Promise<void> {
    await this.plane.close();
    if (this.options.dataDir === undefined) await rm(this.dataDir, { recursive: true });
  }

  async #caller(service: 'ff' | 'admin', url: string, token: Partial<TokenRequest> | null): Promise<Caller> {
    const { watch } = this.options;
    const text = token === null ? null : await this.token(token);
    const document = await this.document(service);
    return new Caller(url, text, (method, path, answer) => {
      const mediaType = answer.headers.get('content-type') ?? '';
      const faults = document.faultsOf(method, path, { ...answer, mediaType });
      if (faults.length > 0)
        throw new Error(`${method} ${path}: the answer is not as documented: ${faults.join('; ')}`);
      watch?.(service, method, path, answer);
    });
  }
}
