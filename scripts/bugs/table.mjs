// What came of planted faults, as a table of Markdown.

/** @param seeds of how many seeds the hit rate is; 0 where there is none */
export function table(rows, seeds) {
  const head = ['fault', 'what is wrong', 'its own tests', 'checker', 'found at', ...(seeds > 0 ? ['hit rate'] : [])];
  const lines = rows.map(({ area, bug, own, caught }) => [
    `\`${bug.id}\` (${area})`,
    bug.what,
    own === undefined || own.failed.length > 0 ? `${own?.failed.length ?? 'all'} fail` : `${own.passed} pass`,
    bug.invariant,
    typeof caught?.first === 'number' ? `seed ${caught.first}` : 'not found',
    ...(seeds > 0 ? [`${caught?.hits ?? 0} of ${seeds}`] : []),
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** docs/bug-bank.md. @param seeds as of `table` */
export function page(rows, seeds) {
  const rate = seeds > 0 ? ` The hit rate is how many of the first ${seeds} seeds do.` : '';
  return `# The bug bank

Every fault that can be planted in the protocol, and how soon the simulator finds it: \`npm run test:bugs\`. A fault counts only where the tests of its own class pass with it planted, as many as the table says, and where the checker named for it is the first to find it. Found at is the first of the seeds 1 to 200 that does, each of 3 replicas of FF, 2 instances of Admin and 11 virtual minutes under a swarm of faults.${rate}

\`npm run test:bugs -- --rates 20\` writes this page anew, with the hit rate over the first 20 seeds.

${table(rows, seeds)}`;
}
