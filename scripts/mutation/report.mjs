// Stryker's report as rows of the tables in docs/mutation.md.
const KILLED = ['Killed', 'Timeout'];
const SURVIVED = ['Survived', 'NoCoverage'];

const mutantsOf = (report) =>
  Object.entries(report.files).flatMap(([file, { mutants, source }]) =>
    mutants.map((mutant) => ({ ...mutant, file, original: textAt(source.split('\n'), mutant.location) })),
  );

function textAt(lines, { start, end }) {
  const text = lines.slice(start.line - 1, end.line);
  text[text.length - 1] = text.at(-1).slice(0, end.column - 1);
  text[0] = text[0].slice(start.column - 1);
  return text.join(' ');
}

/** As Markdown's code, on one line of a table. */
function code(text) {
  const line = text.replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|');
  const short = line.length > 90 ? `${line.slice(0, 89)}…` : line;
  return short.includes('`') ? `\`\` ${short} \`\`` : `\`${short}\``;
}

/** What no test noticed: `| place | what was written → what stood there instead |`; the reason goes behind it. */
export function rowsOf(report) {
  const survivors = mutantsOf(report).filter(({ status }) => SURVIVED.includes(status));
  const rows = survivors.map(
    ({ file, location, original, replacement }) =>
      `| \`${file}:${location.start.line}\` | ${code(original)} → ${code(replacement)} |`,
  );
  return rows.toSorted(new Intl.Collator('en', { numeric: true }).compare);
}

/** `| area | mutants | killed | survived | score |`; what does not even load is in no column but the first. */
export function figuresOf(area, report) {
  const all = mutantsOf(report);
  const count = (statuses) => all.filter(({ status }) => statuses.includes(status)).length;
  const [killed, survived] = [count(KILLED), count(SURVIVED)];
  const score = ((100 * killed) / (killed + survived)).toFixed(1);
  return `| ${area} | ${all.length} | ${killed} | ${survived} | ${score} % |`;
}
