import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Ending, Terminal } from '../terminal.ts';
import type { SimulateOptions } from '../simulate/request.ts';

/** `ptt simulate`: worlds of production classes in virtual time under faults, each made by a seed. */
export function simulateCommand(program: Command, terminal: Terminal, ending: Ending): void {
  program
    .command('simulate')
    .description('run the protocols in virtual time under faults, one world for each seed')
    .option('--seed <number>', 'the first seed (default: 1, and the kept seeds too)', whole)
    .option('--seeds <number>', 'how many, one after another (default: 1 with --seed, else 200)', whole)
    .option('--replicas <number>', 'how many replicas of FF', whole, 3)
    .option('--faults <which>', 'swarm (chance leaves some out), none, or a list with commas', 'swarm')
    .option('--mode <mode>', 'safety, liveness or perf', 'safety')
    .option('--bug <id>', 'plant a bug, and look for it until it is found')
    .addOption(new Option('--trace <length>', 'print what happened before the end').choices(['short', 'full']))
    .option('--report <file>', 'write a page that replays the run')
    .option('--summary <file>', 'write what --json prints into a file')
    .option('--resume <file>', 'keep what each seed came to in a file, and go on from what it has')
    .option('--json', 'print as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  ptt simulate --seed 42 --report seed-42.html\n\nExit codes: 0 passed, 2 the command line or a file is wrong, ' +
        '127 exception, 128 liveness, 129 safety or parity, 130 not deterministic, 131 something never came.',
    )
    .action(async (options: SimulateOptions) => {
      // Only who simulates waits for what a world is made of.
      const { simulateAsAsked } = await import('../simulate/request.ts');
      ending.exitCode = await simulateAsAsked(options, terminal);
    });
}

function whole(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is no whole number from 0 on.');
}
