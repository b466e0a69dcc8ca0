import type { Command } from 'commander';
import { verificationAnswer } from '#apps/admin';
import { exitCodeOf, type SoundChain, type Verification } from '#libs/audit';
import { isJsonObject, PttError, unreachable, type JsonObject } from '#libs/kernel';
import { readSettings } from '#libs/platform';
import { cell, type Ending, type Terminal } from '../terminal.ts';
import { verifyFolder } from '../verify-folder.ts';
import { adminClient, adminOptions, wholeNumber, type ClientOptions } from './options.ts';

interface VerifyOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface TailOptions extends ClientOptions {
  readonly lines: number;
}

/** `ptt audit …`: whether the trail holds, and what it says. */
export function auditCommand(program: Command, terminal: Terminal, ending: Ending): void {
  const audit = program.command('audit').description('verify and read the audit trail');

  audit
    .command('verify')
    .description('walk every chain in the data folder; a running service need not be stopped')
    .option('--data-dir <folder>', 'the data folder (default: PTT_DATA_DIR)')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  ptt audit verify --data-dir .data\n\nExit codes: 0 sound, 1 altered, 2 a gap, 3 could not check.' +
        '\nIt proves that nothing was altered after it was recorded; who can write the folder could have made it anew.',
    )
    .action(async (options: VerifyOptions) => {
      const verification = await verified(terminal, options);
      ending.exitCode = exitCodeOf(verification);
      terminal.out(
        options.json === true ? JSON.stringify(verificationAnswer(verification), null, 2) : describe(verification),
      );
    });

  adminOptions(audit.command('tail').description('the newest records of Admin’s trail'))
    .option('--lines <number>', 'how many', wholeNumber, 20)
    .addHelpText('after', '\nExample:\n  ptt audit tail --lines 5')
    .action(async (options: TailOptions) => {
      const newest: JsonObject[] = [];
      for await (const record of adminClient(terminal, options).pages('/api/audit?limit=500', 'records')) {
        newest.push(record);
        if (newest.length > options.lines) newest.shift();
      }
      for (const record of newest) terminal.out(options.json === true ? JSON.stringify(record) : line(record));
    });
}

/** A folder that is not there or a setting that is wrong means here that nothing could be checked: 2 is a gap. */
async function verified({ env }: Terminal, { dataDir }: VerifyOptions): Promise<Verification> {
  try {
    return await verifyFolder(dataDir ?? readSettings(env).settings.dataDir);
  } catch (cause) {
    if (cause instanceof PttError) return { kind: 'unchecked', detail: cause.message, cause };
    throw cause;
  }
}

function describe(verification: Verification): string {
  switch (verification.kind) {
    case 'sound':
      return [
        'The trail is sound: nothing was altered after it was recorded.',
        ...verification.sources.map(chain),
      ].join('\n');
    case 'altered': {
      const { what, source, sequence, detail } = verification;
      const where = source === null ? '' : ` in ${source}${sequence === null ? '' : ` at record ${sequence}`}`;
      return `The trail was altered${where} (${what}): ${detail}`;
    }
    case 'gap':
      return `The trail has a gap in ${verification.source} at ${verification.missing}: ${verification.detail}`;
    case 'unchecked':
      return `The trail could not be checked: ${verification.detail}`;
    default:
      return unreachable(verification);
  }
}

function chain({ source, firstSequence, lastSequence, lastHash }: SoundChain): string {
  return `  ${source}: records ${firstSequence} to ${lastSequence}, the last one ${lastHash}`;
}

function line({ event, sequence }: JsonObject): string {
  const data = isJsonObject(event) ? event['data'] : undefined;
  const said = isJsonObject(data) ? data : {};
  const actor = isJsonObject(said['actor']) ? said['actor']['id'] : undefined;
  const subject = isJsonObject(event) ? event['subject'] : undefined;
  const time = isJsonObject(event) ? event['time'] : undefined;
  return [cell(time), cell(sequence), cell(said['action']), cell(said['outcome']), cell(subject), cell(actor)].join(
    '  ',
  );
}
