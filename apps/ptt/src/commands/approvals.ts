import type { Command } from 'commander';
import type { JsonObject } from '#libs/kernel';
import { cell, table, type Terminal } from '../terminal.ts';
import { adminClient, adminOptions, part, print, wholeNumber, type ClientOptions } from './options.ts';

interface IssueOptions extends ClientOptions {
  readonly flag: string;
  readonly row: string;
  readonly justification: string;
  readonly slaDeadline?: string;
}

interface SignOptions extends ClientOptions {
  readonly revision: number;
  readonly role: string;
  readonly comment?: string;
}

interface EndOptions extends ClientOptions {
  readonly revision: number;
  readonly reason: string;
}

/** `ptt approvals …`: what a signer or a policy owner does, from the command line. */
export function approvalsCommand(program: Command, terminal: Terminal): void {
  const approvals = program.command('approvals').description('issue, read, sign, reject and withdraw approvals');

  adminOptions(approvals.command('list').description('every approval'))
    .addHelpText('after', '\nExample:\n  ptt approvals list')
    .action(async (options: ClientOptions) => {
      const found: JsonObject[] = [];
      const path = '/api/policy/approvals';
      for await (const approval of adminClient(terminal, options).pages(path, 'approvals')) found.push(approval);
      print(terminal, options, found, () =>
        table(
          ['ID', 'TARGET', 'ROW', 'STATE', 'TTL', 'REVISION', 'DEADLINE'],
          found.map((approval) => [
            cell(approval['id']),
            cell(approval['target_id']),
            cell(approval['matrix_row']),
            cell(approval['state']),
            cell(approval['ttl_state']),
            cell(approval['revision']),
            cell(approval['sla_deadline']),
          ]),
        ),
      );
    });

  adminOptions(approvals.command('show <id>').description('one approval with its signatures'))
    .addHelpText('after', '\nExample:\n  ptt approvals show APP-100002-dual')
    .action(async (id: string, options: ClientOptions) => {
      const approval = await adminClient(terminal, options).get(approvalPath(id));
      terminal.out(JSON.stringify(approval, null, 2));
    });

  adminOptions(approvals.command('issue').description('ask for an approval of a flag'))
    .requiredOption('--flag <key>', 'the flag that shall switch on')
    .requiredOption('--row <row>', 'the matrix row, as the flag names it')
    .requiredOption('--justification <text>', 'why; the signers read it')
    .option('--sla-deadline <instant>', 'until when it can be signed and used (default: what the row allows)')
    .addHelpText(
      'after',
      '\nExample:\n  ptt approvals issue --flag ff.cm.advanced_policy --row row-sensitive-override --justification "pilot"',
    )
    .action(async (options: IssueOptions) => {
      const answer = await adminClient(terminal, options).send('POST', '/api/policy/approvals', {
        target_type: 'feature_flag',
        target_id: options.flag,
        matrix_row: options.row,
        justification: options.justification,
        ...(options.slaDeadline === undefined ? {} : { sla_deadline: options.slaDeadline }),
      });
      print(terminal, options, answer, () => describe(answer));
    });

  adminOptions(approvals.command('sign <id>').description('sign a revision in a role'))
    .requiredOption('--revision <number>', 'the revision that you read', wholeNumber)
    .requiredOption('--role <role>', 'the role that you sign in; your token must hold it')
    .option('--comment <text>', 'kept with the signature')
    .addHelpText('after', '\nExample:\n  ptt approvals sign APP-100003-partial --revision 1 --role legal_gate')
    .action(async (id: string, options: SignOptions) => {
      const answer = await adminClient(terminal, options).send('POST', `${approvalPath(id)}/sign`, {
        revision: options.revision,
        role: options.role,
        ...(options.comment === undefined ? {} : { comment: options.comment }),
      });
      print(terminal, options, answer, () => describe(answer));
    });

  for (const [verb, what, example] of [
    ['reject', 'refuse to sign, for good', 'APP-100003-partial'],
    ['withdraw', 'end an approval, for good', 'APP-100002-dual'],
  ] as const) {
    adminOptions(approvals.command(`${verb} <id>`).description(what))
      .requiredOption('--revision <number>', 'the revision that you read', wholeNumber)
      .requiredOption('--reason <text>', 'why; it goes into the audit trail')
      .addHelpText('after', `\nExample:\n  ptt approvals ${verb} ${example} --revision 1 --reason "no longer needed"`)
      .action(async (id: string, options: EndOptions) => {
        const body = { revision: options.revision, reason: options.reason };
        const answer = await adminClient(terminal, options).send('POST', `${approvalPath(id)}/${verb}`, body);
        print(terminal, options, answer, () => describe(answer));
      });
  }
}

function approvalPath(id: string): string {
  return `/api/policy/approvals/${part(id)}`;
}

function describe(approval: JsonObject): string {
  const signatures = approval['signatures'];
  const signed = Array.isArray(signatures) ? signatures.length : 0;
  return [
    `${cell(approval['id'])} is ${cell(approval['state'])} (${signed} of ${cell(approval['required_signer_count'])} signed)`,
    `  revision ${cell(approval['revision'])}, until ${cell(approval['sla_deadline'])}`,
  ].join('\n');
}
