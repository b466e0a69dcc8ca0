import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ADMIN_FILES, JournalAuditTrail, verificationAnswer } from '#apps/admin';
import { exitCodeOf, type SoundChain, type Verification } from '#libs/audit';
import { FLAG_FILES } from '#libs/flags';
import { isJsonObject, PttError, unreachable, type JsonObject } from '#libs/kernel';
import { FileStore, logStoreNotices, NodeClock, NodeDisk, PinoLog, readSettings } from '#libs/platform';
import type { Ending } from '../program.ts';
import { cell, type Terminal } from '../terminal.ts';
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
      const dataDir = options.dataDir ?? readSettings(terminal.env).settings.dataDir;
      const verification = await verifyFolder(dataDir);
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

/** The chains of both folders, each folder by itself: the same chain may stand in both, recorded here and ingested there. */
async function verifyFolder(dataDir: string): Promise<Verification> {
  const folders = ['ff', 'admin'].map((owner) => join(dataDir, owner)).filter((folder) => existsSync(folder));
  if (folders.length === 0) {
    throw new PttError('usage', { detail: `There is no data at ${dataDir}; name its folder with --data-dir.` });
  }
  const sources: SoundChain[] = [];
  for (const folder of folders) {
    const verification = await verifyOne(folder);
    if (verification.kind !== 'sound') return verification;
    sources.push(...verification.sources);
  }
  return { kind: 'sound', sources };
}

async function verifyOne(folder: string): Promise<Verification> {
  try {
    const files = await FileStore.openReader({
      folder,
      tables: [...ADMIN_FILES.tables, ...FLAG_FILES.tables],
      disk: new NodeDisk(),
      report: logStoreNotices(new PinoLog({ level: 'warn', clock: new NodeClock() })),
    });
    try {
      return await new JournalAuditTrail(files).verify();
    } finally {
      await files.close();
    }
  } catch (cause) {
    if (!(cause instanceof PttError)) return { kind: 'unchecked', detail: `${folder} cannot be read`, cause };
    return { kind: 'altered', what: 'journal_damaged', source: null, sequence: null, detail: cause.message };
  }
}

function describe(verification: Verification): string {
  switch (verification.kind) {
    case 'sound':
      return ['The trail is sound: nothing was altered after it was recorded.', ...verification.sources.map(chain)].join(
        '\n',
      );
    case 'altered':
      return `The trail was altered (${verification.what}): ${verification.detail}`;
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
  return [cell(time), cell(sequence), cell(said['action']), cell(said['outcome']), cell(subject), cell(actor)].join('  ');
}
