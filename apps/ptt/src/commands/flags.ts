import type { Command } from 'commander';
import { isJsonArray, isJsonObject, PttError, type JsonObject, type JsonValue } from '#libs/kernel';
import { cell, table, type Terminal } from '../terminal.ts';
import { ffClient, ffOptions, jsonObject, jsonValue, part, print, wholeNumber, type ClientOptions } from './options.ts';

interface SubjectOptions extends ClientOptions {
  readonly tenant?: string;
  readonly user?: string;
}

interface SetOptions extends SubjectOptions {
  readonly value?: JsonValue;
  readonly variant?: string;
  readonly reason: string;
  readonly expiresAt?: string;
  readonly ifMatch?: number;
}

/** `ptt flags …`: what a REST caller of FF does, from the command line. */
export function flagsCommand(program: Command, terminal: Terminal): void {
  const flags = program.command('flags').description('read flags, set and remove overrides, evaluate');

  ffOptions(flags.command('list').description('every flag'))
    .addHelpText('after', '\nExample:\n  ptt flags list --json')
    .action(async (options: ClientOptions) => {
      const found: JsonObject[] = [];
      for await (const flag of ffClient(terminal, options).pages('/v1/flags', 'flags')) found.push(flag);
      print(terminal, options, found, () =>
        table(
          ['KEY', 'STATE', 'DEFAULT', 'GATED BY', 'VERSION'],
          found.map((flag) => [
            cell(flag['key']),
            cell(flag['state']),
            cell(flag['defaultVariant']),
            cell(flag['approval_matrix_row']),
            cell(flag['version']),
          ]),
        ),
      );
    });

  ffOptions(flags.command('get <key>').description('one flag’s definition'))
    .addHelpText('after', '\nExample:\n  ptt flags get ff.example')
    .action(async (key: string, options: ClientOptions) => {
      const flag = await ffClient(terminal, options).get(`/v1/flags/${part(key)}`);
      terminal.out(JSON.stringify(flag, null, 2));
    });

  subjectOptions(ffOptions(flags.command('set <key>').description('set an override for a tenant or a user')))
    .option('--value <json>', 'the value, as JSON: true, 3, \'"text"\'', jsonValue)
    .option('--variant <name>', 'the variant, instead of --value')
    .requiredOption('--reason <text>', 'why; it goes into the audit trail')
    .option('--expires-at <instant>', 'when it ends, e.g. 2027-01-31T00:00:00Z')
    .option('--if-match <version>', 'only if the override still has this version', wholeNumber)
    .addHelpText('after', '\nExample:\n  ptt flags set ff.example --tenant T-pty --value true --reason "pilot"')
    .action(async (key: string, options: SetOptions) => {
      if ((options.value === undefined) === (options.variant === undefined)) {
        throw new PttError('usage', { detail: 'Say either --value or --variant.' });
      }
      const body = {
        ...(options.value === undefined ? {} : { value: options.value }),
        ...(options.variant === undefined ? {} : { variant: options.variant }),
        ...(options.expiresAt === undefined ? {} : { expires_at: options.expiresAt }),
        reason: options.reason,
      };
      const answer = await ffClient(terminal, options).send('PUT', overridePath(key, options), body, ifMatch(options));
      print(terminal, options, answer, () => describeOverride(answer));
    });

  subjectOptions(ffOptions(flags.command('unset <key>').description('remove an override')))
    .option('--if-match <version>', 'only if the override still has this version', wholeNumber)
    .addHelpText('after', '\nExample:\n  ptt flags unset ff.example --tenant T-pty')
    .action(async (key: string, options: SetOptions) => {
      const answer = await ffClient(terminal, options).send(
        'DELETE',
        overridePath(key, options),
        undefined,
        ifMatch(options),
      );
      print(terminal, options, answer, () => describeOverride(answer));
    });

  subjectOptions(ffOptions(flags.command('eval <key>').description('evaluate a flag, and say why')))
    .option('--context <json>', 'what targeting rules look at', jsonObject)
    .addHelpText('after', '\nExample:\n  ptt flags eval ff.example --user U-9 --tenant T-pty')
    .action(async (key: string, options: SubjectOptions & { readonly context?: JsonObject }) => {
      const body = {
        flag_key: key,
        ...(options.tenant === undefined ? {} : { tenant_id: options.tenant }),
        ...(options.user === undefined ? {} : { user_id: options.user }),
        ...(options.context === undefined ? {} : { context: options.context }),
      };
      const answer = await ffClient(terminal, options).send('POST', '/v1/flags/evaluate', body);
      print(terminal, options, answer, () => describeAnswer(answer));
    });
}

function subjectOptions(command: Command): Command {
  return command.option('--tenant <id>', 'the tenant').option('--user <id>', 'the user');
}

function overridePath(key: string, { tenant, user }: SubjectOptions): string {
  if (tenant !== undefined && user === undefined) return `/v1/flags/override/tenant/${part(tenant)}/${part(key)}`;
  if (user !== undefined && tenant === undefined) return `/v1/flags/override/user/${part(user)}/${part(key)}`;
  throw new PttError('usage', { detail: 'Say either --tenant or --user: an override belongs to one of them.' });
}

function ifMatch({ ifMatch: version }: SetOptions): Record<string, string> {
  return version === undefined ? {} : { 'if-match': `"${version}"` };
}

function describeOverride(answer: JsonObject): string {
  const warnings = answer['warnings'];
  const override = answer['override'];
  const state = isJsonObject(override) ? JSON.stringify(override, null, 2) : 'there is no override';
  return [state, ...(isJsonArray(warnings) ? warnings.map((warning) => `warning: ${cell(warning)}`) : [])].join('\n');
}

function describeAnswer(answer: JsonObject): string {
  const meta = answer['meta'];
  const chain = isJsonObject(meta) && isJsonArray(meta['chain']) ? meta['chain'] : [];
  const lines = [
    `${cell(answer['flag_key'])} is ${answer['enabled'] === true ? 'on' : 'off'} (${cell(answer['value'])}): ${cell(answer['reason'])}`,
    ...chain.map((step) => (isJsonObject(step) ? `  ${cell(step['layer'])}: ${cell(step['outcome'])}` : '')),
  ];
  const warnings = answer['warnings'];
  if (isJsonArray(warnings)) lines.push(...warnings.map((warning) => `  warning: ${cell(warning)}`));
  return lines.join('\n');
}
