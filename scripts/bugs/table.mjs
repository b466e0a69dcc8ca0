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
