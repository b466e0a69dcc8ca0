import { Command, CommanderError } from 'commander';
import { PttError } from '#libs/kernel';
import { Refused } from './client.ts';
import { approvalsCommand } from './commands/approvals.ts';
import { auditCommand } from './commands/audit.ts';
import { configCommand } from './commands/config.ts';
import { flagsCommand } from './commands/flags.ts';
import { issuerCommand } from './commands/issuer.ts';
import { seedCommand } from './commands/seed.ts';
import { simulateCommand } from './commands/simulate.ts';
import { tokenCommand } from './commands/token.ts';
import { upCommand } from './commands/up.ts';
import { cell, EXIT, type Ending, type Terminal } from './terminal.ts';

function programFor(terminal: Terminal, ending: Ending): Command {
  const program = new Command('ptt');
  program
    .description('The PTT control plane: feature flags whose sensitive flags only switch on under a valid approval.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 the service refused, 2 the command line, configuration or a file is wrong, 3 not reachable.',
    );
  upCommand(program, terminal);
  configCommand(program, terminal);
  tokenCommand(program, terminal);
  issuerCommand(program, terminal);
  seedCommand(program, terminal);
  flagsCommand(program, terminal);
  approvalsCommand(program, terminal);
  auditCommand(program, terminal, ending);
  simulateCommand(program, terminal, ending);
  for (const command of program.commands) inheritExits(command);
  return program;
}

/** Commander ends the process by itself unless every command is told not to. */
function inheritExits(command: Command): void {
  command.exitOverride();
  for (const below of command.commands) inheritExits(below);
}

/**
 * Runs one command line, without the program's own name. Says in words what went wrong, never with a stack.
 * @returns the exit code
 */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const ending: Ending = { exitCode: EXIT.ok };
  try {
    await programFor(terminal, ending).parseAsync([...words], { from: 'user' });
    return ending.exitCode;
  } catch (error) {
    return explain(error, terminal);
  }
}

function explain(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Refused) {
    terminal.err(`ptt: ${error.message} (${cell(error.problem['code'])}, ${error.status})`);
    for (const fault of faultsOf(error)) terminal.err(`  ${fault}`);
    return error.status >= 500 ? EXIT.unavailable : EXIT.refused;
  }
  if (error instanceof PttError) {
    terminal.err(`ptt: ${error.message} (${error.code})`);
    return error.code === 'service_unreachable' ? EXIT.unavailable : EXIT.usage;
  }
  if (isOfTheSystem(error)) {
    terminal.err(`ptt: ${error.message}`);
    return EXIT.usage;
  }
  throw error;
}

/** A folder that is none, a disk that is full, a file that may not be read. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

function faultsOf({ problem }: Refused): string[] {
  const { faults } = problem;
  return Array.isArray(faults) ? faults.map((fault) => JSON.stringify(fault)) : [];
}
