import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { isRecord, PttError, type Instant } from '#libs/kernel';

/**
 * `next` is published and does not sign yet, so that verifiers know it before its first token; `signing` signs;
 * `retired` is published until its last token has expired.
 */
const STATES = ['next', 'signing', 'retired'] as const;

export interface IssuerKey {
  readonly kid: string;
  readonly state: (typeof STATES)[number];
  readonly retiredAt: Instant | null;
  readonly privateJwk: JWK;
}

/** The issuer's keys in `keys.json` of its folder, readable by its owner only. */
export class IssuerKeysFile {
  readonly #folder: string;
  readonly #path: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, 'keys.json');
  }

  /** The keys of last time, or new ones; of two processes that start at once the first one's. */
  async open(): Promise<readonly IssuerKey[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const found = await this.#readIfThere();
    if (found !== null) return found;
    const keys = [await newKey('signing'), await newKey('next')];
    const written = await this.#writeBeside(keys);
    try {
      await link(written, this.#path);
      return keys;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      return await this.read();
    } finally {
      await rm(written);
    }
  }

  /** @throws PttError `config_invalid` when there are no keys, or they are damaged */
  async read(): Promise<readonly IssuerKey[]> {
    const keys = await this.#readIfThere();
    if (keys !== null) return keys;
    throw new PttError('config_invalid', { detail: `${this.#path} is not there; \`npm start\` makes it.` });
  }

  /** Replaces all keys at once. */
  async write(keys: readonly IssuerKey[]): Promise<void> {
    await rename(await this.#writeBeside(keys), this.#path);
  }

  async #readIfThere(): Promise<readonly IssuerKey[] | null> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
      await chmod(this.#path, 0o600);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
    const keys = readKeys(text);
    if (keys !== null) return keys;
    throw new PttError('config_invalid', {
      detail: `${this.#path} is damaged; delete it, and the next start makes new keys (all tokens end).`,
    });
  }

  async #writeBeside(keys: readonly IssuerKey[]): Promise<string> {
    // Named after the newest key, so that no two processes write the same one.
    const path = `${this.#path}.${keys.at(-1)?.kid ?? ''}`;
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify({ keys }, null, 2));
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  }
}

export async function newKey(state: IssuerKey['state']): Promise<IssuerKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const privateJwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(privateJwk), state, retiredAt: null, privateJwk };
}

/** Null when the text is not what `write` writes. */
function readKeys(text: string): readonly IssuerKey[] | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const found: unknown = isRecord(document) ? document['keys'] : null;
  if (!Array.isArray(found)) return null;
  const keys = found.map(readKey).filter((key) => key !== null);
  const isWhole = keys.length === found.length && keys.some((key) => key.state === 'signing');
  return isWhole ? keys : null;
}

function readKey(found: unknown): IssuerKey | null {
  if (!isRecord(found)) return null;
  const { kid, retiredAt = null, privateJwk } = found;
  const state = STATES.find((candidate) => candidate === found['state']);
  if (typeof kid !== 'string' || state === undefined || !isRecord(privateJwk)) return null;
  if (retiredAt !== null && typeof retiredAt !== 'number') return null;
  const { kty, crv, x, y, d } = privateJwk;
  if (kty !== 'EC' || crv !== 'P-256') return null;
  if (typeof x !== 'string' || typeof y !== 'string' || typeof d !== 'string') return null;
  return { kid, state, retiredAt, privateJwk: { kty, crv, x, y, d } };
}

function codeOf(error: unknown): unknown {
  return isRecord(error) ? error['code'] : undefined;
}
