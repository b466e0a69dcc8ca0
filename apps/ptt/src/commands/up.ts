import type { Command } from 'commander';
import { standardOutput } from '#libs/audit';
import { SCOPES, type Clock } from '#libs/kernel';
import { nodeAmbient, PinoLog, readSettings, type Settings } from '#libs/platform';
import { startPlane, type Plane } from '../plane.ts';
import { fixturesFolder } from '../project.ts';
import type { Terminal } from '../terminal.ts';
import { curlOf, thingsToTry } from '../things-to-try.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const IMPATIENT_AFTER_MS = 1_000;

/** `ptt up`: everything in this process, until it is told to end. Standard output carries envelopes only. */
export function upCommand(program: Command, terminal: Terminal): void {
  program
    .command('up')
    .description('start issuer, Admin and FF in one process')
    .addHelpText('after', '\nExample:\n  PTT_FF_LISTEN=127.0.0.1:8080 ptt up')
    .action(async () => {
      const { settings } = readSettings(terminal.env);
      const ambient = nodeAmbient();
      const log = new PinoLog({ level: settings.logLevel, clock: ambient.clock });
      const envelopes = standardOutput((loss) =>
        log.warn('envelopes did not get out; the journal has them', { ...loss }),
      );
      const plane = await startPlane({ settings, fixtures: fixturesFolder(), ambient, envelopes, log });
      const asked = untilSignalled(ambient.clock);
      // Only now: whoever reads it may signal at once.
      log.info('ready', { ff: plane.ff.map(({ url }) => url), admin: plane.admin.url, profile: settings.profile });
      terminal.err(await welcome(plane, settings));
      await asked;
      terminal.err('Ending: requests under way are answered first.');
      await plane.close();
      await envelopes.close();
      terminal.err('Ended.');
    });
}

/**
 * The first signal ends the services; one that comes a second later or more ends the process. Sooner it is the same
 * ctrl-C: the terminal sends it to the whole group, and npm passes it on once more.
 */
function untilSignalled(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const heard = (): void => {
      const at = clock.monotonicMs();
      firstAt ??= at;
      if (at - firstAt >= IMPATIENT_AFTER_MS) process.exit(130);
      resolve();
    };
    for (const signal of SIGNALS) process.on(signal, heard);
  });
}

/** What a person sees who starts it for the first time. */
async function welcome({ ff, admin, issuer }: Plane, settings: Settings): Promise<string> {
  const [first] = ff;
  const ffUrl = first?.url ?? '';
  const token = await issuer.issue({
    subject: 'you',
    audience: ['ptt-ff', 'ptt-admin'],
    scopes: SCOPES,
    ttlSeconds: 3_600,
  });
  const things = thingsToTry(ffUrl, admin.url, settings).map(
    (thing, index) => `  ${index + 1}. ${thing.what}\n     ${curlOf(thing)}`,
  );
  return `
PTT is up (profile ${settings.profile}, data in ${settings.dataDir}).

  FF     ${ffUrl}       ${ffUrl}/docs
  Admin  ${admin.url}       ${admin.url}/docs

Three things to try, in another terminal (the token holds for an hour; \`npx ptt token --sub you\` prints another):

  export PTT_TOKEN=${token}

${things.join('\n\n')}

Ctrl-C ends it.
`;
}
