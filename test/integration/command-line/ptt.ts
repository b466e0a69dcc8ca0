import { run } from '#apps/ptt';
import type { RunningPlane } from '../../support/running-plane.ts';
import { CollectedWords } from './collected-words.ts';

/** How a command line ended, and what it said where. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One command line in an environment of its own. */
export async function ptt(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const terminal = new CollectedWords(env);
  const code = await run(words, terminal);
  return { code, out: terminal.outText, err: terminal.errText };
}

/** The environment of somebody who works with that plane. */
export function environmentOf({ plane, dataDir }: RunningPlane, token: string): Readonly<Record<string, string>> {
  const [replica] = plane.ff;
  return {
    PTT_FF_LISTEN: new URL(replica?.url ?? '').host,
    PTT_ADMIN_LISTEN: new URL(plane.admin.url).host,
    PTT_DATA_DIR: dataDir,
    PTT_TOKEN: token,
    // Tokens must name the issuer that the services trust, whatever port the issuer had here.
    PTT_ISSUER_URL: plane.issuer.url,
  };
}
