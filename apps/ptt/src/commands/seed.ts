import { InvalidArgumentError, type Command } from 'commander';
import { parseInstant, type Instant } from '#libs/kernel';
import { nodeAmbient, PinoLog, readSettings } from '#libs/platform';
import { fixturesFolder } from '../project.ts';
import { seedFolder } from '../seed-folder.ts';
import type { Terminal } from '../terminal.ts';

interface SeedOptions {
  readonly dataDir?: string;
  readonly at?: Instant;
  readonly json?: boolean;
}

/** `ptt seed`: fills a new data folder without starting anything that listens. */
export function seedCommand(program: Command, terminal: Terminal): void {
  program
    .command('seed')
    .description('fill a new data folder from the fixtures; one that was ever written to stays as it is')
    .option('--data-dir <folder>', 'the data folder (default: PTT_DATA_DIR)')
    .option('--at <instant>', 'the instant that the fixtures’ times are relative to (default: now)', instant)
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  ptt seed --data-dir /tmp/ptt --at 2027-01-31T00:00:00Z')
    .action(async (options: SeedOptions) => {
      const { settings } = readSettings(terminal.env);
      const ambient = nodeAmbient();
      const dataDir = options.dataDir ?? settings.dataDir;
      const seeded = await seedFolder(dataDir, {
        fixtures: fixturesFolder(),
        reference: options.at ?? null,
        ambient,
        log: new PinoLog({ level: 'warn', clock: ambient.clock }),
      });
      const { flags, overrides, approvals } = seeded;
      terminal.out(
        options.json === true
          ? JSON.stringify({ data_dir: dataDir, ...seeded }, null, 2)
          : `${dataDir}: ${flags} flags, ${overrides} overrides and ${approvals} approvals were added`,
      );
    });
}

function instant(text: string): Instant {
  const at = parseInstant(text);
  if (at === null) throw new InvalidArgumentError('It is no RFC 3339 instant such as 2027-01-31T00:00:00Z.');
  return at;
}
