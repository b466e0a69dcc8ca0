import type { Command } from 'commander';
import { readSettings } from '#libs/platform';
import { table, type Terminal } from '../terminal.ts';

/** `ptt config`: every setting, its value here and now, and who decided it. */
export function configCommand(program: Command, terminal: Terminal): void {
  program
    .command('config')
    .description('every setting with its value and where that came from')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  PTT_PROFILE=2b ptt config')
    .action((options: { readonly json?: boolean }) => {
      const { lines } = readSettings(terminal.env);
      if (options.json === true) {
        terminal.out(JSON.stringify(lines, null, 2));
        return;
      }
      terminal.out(
        table(
          ['VARIABLE', 'VALUE', 'FROM', 'LAYER', 'TAKES', 'WHAT IT IS'],
          lines.map(({ name, value, source, layer, type, unit, description }) => [
            name,
            value === '' ? '-' : value,
            source,
            layer,
            unit === null ? type : `${type}, ${unit}`,
            description,
          ]),
        ),
      );
    });
}
