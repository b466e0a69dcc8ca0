import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

/** Another process, which mirrors 8 MB of lines to its standard output and tells its losses on standard error. */
function writer(then: string, stdout: 'pipe' | 'ignore' = 'pipe'): ChildProcess {
  const source = `
    import { standardOutput } from ${JSON.stringify(new URL('./stream-envelope-out.ts', import.meta.url).href)};
    const out = standardOutput((loss) => console.error(loss.kind, loss.cause?.code ?? ''));
    for (let n = 0; n < 8_192; n += 1) out.write(String(n).padStart(1_023) + '\\n');
    ${then}`;
  const node = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', source];
  return spawn(process.execPath, node, { stdio: ['ignore', stdout, 'pipe'] });
}

async function outcome(child: ChildProcess): Promise<{ code: unknown; said: string }> {
  const ended = once(child, 'exit');
  const said = child.stderr === null ? '' : await text(child.stderr);
  await ended;
  return { code: child.exitCode, said };
}

describe('standardOutput', () => {
  it('neither blocks nor keeps from ending a process whose reader does not read', async () => {
    const child = writer('console.error("still here"); process.exit(0);');
    await expect(outcome(child)).resolves.toEqual({ code: 0, said: 'reader_slow \nstill here\n' });
  });

  it('lets a process live on whose reader is gone', async () => {
    const child = writer('process.on("exit", () => console.error("ended by itself"));');
    child.stdout?.destroy();
    await expect(outcome(child)).resolves.toEqual({
      code: 0,
      said: 'reader_slow \nstream_failed EPIPE\nended by itself\n',
    });
  });

  it('brings a reader that reads every line that was not left out, before it is closed', async () => {
    const child = writer('await out.close(); process.exit(0);');
    const read = child.stdout === null ? Promise.resolve('') : text(child.stdout);
    await expect(outcome(child)).resolves.toEqual({ code: 0, said: 'reader_slow \n' });
    const lines = (await read).trimEnd().split('\n').map(Number);
    expect(lines.length).toBeGreaterThanOrEqual(4_096);
    expect(lines).toEqual(lines.map((_, n) => n));
  });

  it('writes to what is no pipe, too', async () => {
    const child = writer('await out.close(); console.error("closed");', 'ignore');
    await expect(outcome(child)).resolves.toEqual({ code: 0, said: 'reader_slow \nclosed\n' });
  });
});
