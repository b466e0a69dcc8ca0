// npm run generate: makes types, schemas and validators from contracts/.
// npm run generate -- --check: writes nothing, names the stale files and exits 1 when there are any.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { generateContracts } from './contracts/generate.ts';

const root = new URL('../', import.meta.url);
const onlyCheck = process.argv.includes('--check');
const stale: string[] = [];

for (const { path, text } of await generateContracts(root)) {
  const file = new URL(path, root);
  const present = await readFile(file, 'utf8').catch(() => null);
  if (present === text) continue;
  stale.push(path);
  if (onlyCheck) continue;
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
}

for (const path of stale) process.stderr.write(`${onlyCheck ? 'stale' : 'written'}: ${path}\n`);
if (onlyCheck && stale.length > 0) {
  process.stderr.write('Run `npm run generate` and commit what it writes.\n');
  process.exitCode = 1;
}
