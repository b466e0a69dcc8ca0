import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from '#libs/approvals';
import { PttError, SCOPES } from '#libs/kernel';
import type { Terminal } from '../terminal.ts';
import { developmentIssuer } from './issuer.ts';

interface TokenOptions {
  readonly sub: string;
  readonly tenant?: readonly string[];
  readonly scope: string;
  readonly role?: readonly string[];
  readonly approvalRef?: string;
  readonly aud: string;
  readonly ttl: number;
}

/** `ptt token`: one token of the development issuer, and nothing else. It needs its keys, not its server. */
export function tokenCommand(program: Command, terminal: Terminal): void {
  program
    .command('token')
    .description('print a token of the development issuer')
    .requiredOption('--sub <id>', 'who it is for')
    .option('--tenant <id...>', 'bind it to these tenants')
    .addOption(new Option('--scope <scopes>', 'what it may do, space separated').default(SCOPES.join(' '), 'all'))
    .option('--role <role...>', 'the signer roles that its holder has')
    .option('--approval-ref <id>', 'the approval that its holder means')
    .option('--aud <audiences>', 'for which services, comma separated', 'ptt-ff,ptt-admin')
    .addOption(
      new Option('--ttl <duration>', 'how long it lives: 90s, 30m, 1h; at most 24h')
        .argParser(seconds)
        .default(3_600, '1h'),
    )
    .addHelpText('after', '\nExample:\n  ptt token --sub U-9 --tenant T-pty --scope "ff:read ff:override" --ttl 30m')
    .action(async (options: TokenOptions) => {
      const issuer = await developmentIssuer(terminal);
      const token = await issuer.issue({
        subject: options.sub,
        audience: options.aud.split(',').map((one) => one.trim()),
        scopes: knownScopes(options.scope),
        ttlSeconds: options.ttl,
        ...(options.role === undefined ? {} : { roles: options.role }),
        ...(options.tenant === undefined ? {} : { tenants: options.tenant }),
        ...(options.approvalRef === undefined ? {} : { approvalRef: options.approvalRef }),
      });
      terminal.out(token);
    });
}

/** `90s`, `30m`, `1h` or ISO 8601 without its prefix. */
function seconds(text: string): number {
  const durationMs = parseDuration(`PT${text.toUpperCase()}`);
  if (durationMs === null || durationMs === 0) throw new InvalidArgumentError('Say it as 90s, 30m or 1h.');
  return durationMs / 1_000;
}

function knownScopes(text: string): readonly string[] {
  const scopes = text.split(/\s+/).filter((scope) => scope !== '');
  const unknown = scopes.filter((scope) => !SCOPES.some((known) => known === scope));
  if (unknown.length === 0) return scopes;
  throw new PttError('usage', { detail: `There is no scope ${unknown.join(', ')}. Known: ${SCOPES.join(' ')}.` });
}
