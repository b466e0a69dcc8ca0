import { join } from 'node:path';
import type { Command } from 'commander';
import { DevelopmentIssuer } from '#libs/identity';
import { toIso } from '#libs/kernel';
import { NodeClock, readSettings } from '#libs/platform';
import type { Terminal } from '../terminal.ts';

/** The issuer by its keys in the data folder; its server need not run. @throws PttError `config_invalid` */
export function developmentIssuer({ env }: Terminal): Promise<DevelopmentIssuer> {
  const { settings } = readSettings(env);
  const folder = join(settings.dataDir, 'issuer');
  return DevelopmentIssuer.openExisting({ folder, url: settings.issuerUrl, clock: new NodeClock() });
}

/** `ptt issuer`: what there is to do about the development issuer's keys. */
export function issuerCommand(program: Command, terminal: Terminal): void {
  const issuer = program.command('issuer').description('the keys of the development issuer');
  issuer
    .command('rotate')
    .description('have the next key sign; the one before holds until its last token has expired')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  ptt issuer rotate')
    .action(async (options: { readonly json?: boolean }) => {
      const { kid, previousUntil } = await (await developmentIssuer(terminal)).rotate();
      const until = toIso(previousUntil);
      terminal.out(
        options.json === true
          ? JSON.stringify({ kid, previous_key_until: until }, null, 2)
          : `Tokens are signed by key ${kid} from now on; those of the key before hold until they expire, at the latest ${until}.`,
      );
    });
}
