// Completes package-lock.json with the optional platform packages that the registry in use does not offer.
// Without them `npm ci` refuses the lock ("Missing: … from lock file"); with them it passes everywhere.
// Run it after every change of the lock: npm run lock.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!/^\d+\.\d+\.\d+/.test(version) || path === '') continue;
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] !== undefined || lock.packages[hoisted]?.version === version) continue;
    const words = name.split(/[-/]/);
    const stub = { version, optional: true };
    const cpu = words.filter((word) => CPU.includes(word) || word === 'gnueabihf' || word === 'musleabihf');
    const os = words.filter((word) => OS.includes(word));
    if (cpu.length > 0) stub.cpu = cpu.map((word) => (word.endsWith('eabihf') ? 'arm' : word));
    if (words.includes('armv7') || words.includes('arm-gnueabihf')) stub.cpu = ['arm'];
    if (os.length > 0) stub.os = os;
    if (os.includes('linux') && words.includes('musl')) stub.libc = ['musl'];
    if (os.includes('linux') && words.includes('gnu')) stub.libc = ['glibc'];
    if (entry.dev) stub.dev = true;
    lock.packages[lock.packages[hoisted] === undefined ? hoisted : nested] = stub;
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
process.stderr.write(`${added} optional packages added to the lock\n`);
