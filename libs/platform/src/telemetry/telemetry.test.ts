import { describe, expect, it } from '@jest/globals';
import { anything, assert, property, stringMatching } from 'fast-check';
import { invariant, isRecord, PttError } from '#libs/kernel';
import { CollectingLog, ManualClock } from '#libs/platform/testing';
import type { LogLevel } from './log.ts';
import { NestLog } from './nest-log.ts';
import { measureOutbox } from './outbox-metrics.ts';
import { PinoLog } from './pino-log.ts';
import { PromMetrics } from './prom-metrics.ts';

function logInto(level: LogLevel | 'silent'): {
  readonly log: PinoLog;
  readonly written: string[];
  readonly last: () => Readonly<Record<string, unknown>>;
} {
  const written: string[] = [];
  const log = new PinoLog({
    level,
    clock: new ManualClock(),
    destination: { write: (line) => void written.push(line) },
  });
  const last = (): Readonly<Record<string, unknown>> => {
    const line: unknown = JSON.parse(written.at(-1) ?? '');
    invariant(isRecord(line), 'a line is an object');
    return line;
  };
  return { log, written, last };
}

describe('the log', () => {
  it('writes a JSON line, with the time of the clock', () => {
    const { log, written } = logInto('info');
    log.info('started', { port: 7080 });
    expect(written).toEqual(['{"level":"info","time":"2026-01-01T00:00:00.000Z","port":7080,"message":"started"}\n']);
  });

  it.each<[LogLevel | 'silent', readonly string[]]>([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['silent', []],
  ])('leaves out what is below its level %s', (level, expected) => {
    const { log, written } = logInto(level);
    log.debug('debug');
    log.info('info');
    log.warn('warn');
    log.error('error');
    expect(written.map((line) => /"message":"(\w+)"/.exec(line)?.[1])).toEqual(expected);
  });

  it('adds the fields it was given to every line, the line’s own winning', () => {
    const { log, last } = logInto('info');
    log.with({ replica: 'ff-1', a: 1 }).with({ b: 2 }).info('x', { a: 3 });
    expect(last()).toMatchObject({ replica: 'ff-1', a: 3, b: 2 });
  });

  it('tells an error with its code, its stack and its cause', () => {
    const { log, last } = logInto('info');
    const cause = Object.assign(new Error('below'), { code: 'EIO' });
    log.error('failed', { err: new PttError('store_unavailable', { detail: 'no', cause }) });
    expect(last()['err']).toMatchObject({
      name: 'PttError',
      message: 'no',
      code: 'store_unavailable',
      stack: expect.stringContaining('telemetry.test'),
      cause: { message: 'below', code: 'EIO' },
    });
  });

  it.each([
    'authorization',
    'Authorization',
    'token',
    'accessToken',
    'PTT-Subject-Token',
    'client_secret',
    'cookie',
    'private_key',
  ])('never writes what is called %s, however deep', (name) => {
    const { log, written } = logInto('info');
    log.info('x', { a: { headers: { [name]: 'do-not-tell' } }, [name]: ['do-not-tell'] });
    expect(written.join('')).not.toContain('do-not-tell');
  });

  it('never writes a token that stands inside a text', () => {
    assert(
      property(stringMatching(/^[A-Za-z0-9_-]{20,40}$/), (secret) => {
        const { log, written } = logInto('info');
        log.info(`got eyJhbGciOiJub25lIn0.${secret}.${secret} from`, {
          header: `Bearer ${secret}`,
          err: new Error(`refused: bearer ${secret}`),
          list: [`eyJ0.${secret}`],
        });
        expect(written.join('')).not.toContain(secret);
      }),
    );
  });

  it('writes one line for anything', () => {
    assert(
      property(
        anything({ withBigInt: true, withMap: true, withSet: true, withDate: true, withNullPrototype: true }),
        (value) => {
          const { log, written } = logInto('info');
          log.info('x', { value });
          expect(written).toHaveLength(1);
          expect(written[0]?.trimEnd()).not.toContain('\n');
        },
      ),
    );
  });

  it('survives a circle', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const { log, written } = logInto('info');
    log.info('x', circle);
    expect(written).toHaveLength(1);
  });
});

describe('what Nest says', () => {
  it('goes where everything else goes, its start-up messages only for who debugs', () => {
    const log = new CollectingLog();
    const nest = new NestLog(log);
    nest.log('Mapped {/a, GET} route', 'RouterExplorer');
    nest.warn('careful', 'X');
    nest.error('broke', 'stack', 'X');
    nest.fatal(new Error('fatal'));
    expect(log.lines).toEqual([
      { level: 'debug', message: 'Mapped {/a, GET} route', fields: { context: 'RouterExplorer' } },
      { level: 'warn', message: 'careful', fields: { context: 'X' } },
      { level: 'error', message: 'broke', fields: { context: 'X', details: ['stack'] } },
      { level: 'error', message: 'Nest reports', fields: { err: expect.objectContaining({ message: 'fatal' }) } },
    ]);
  });
});

describe('metrics', () => {
  it('are counted by label and told in the text format', async () => {
    const metrics = new PromMetrics({ process: false });
    const counter = metrics.counter({ name: 'ptt_test_total', help: 'Tests', labels: ['reason'] });
    counter.add({ reason: 'a' });
    counter.add({ reason: 'a' }, 2);
    counter.add({ reason: 'b' });
    const text = await metrics.exposition();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '# HELP ptt_test_total Tests',
        '# TYPE ptt_test_total counter',
        'ptt_test_total{reason="a"} 3',
        'ptt_test_total{reason="b"} 1',
      ]),
    );
  });

  it('are read when they are asked for, where somebody else keeps them', async () => {
    const metrics = new PromMetrics({ process: false });
    const kept = { a: 0, open: 4 };
    metrics.sampled({ kind: 'counter', name: 'ptt_kept_total', help: 'Kept', labels: ['reason'] }, () => [
      { labels: { reason: 'a' }, value: kept.a },
    ]);
    metrics.sampled({ kind: 'gauge', name: 'ptt_open', help: 'Open', labels: [] }, () => [
      { labels: {}, value: kept.open },
    ]);
    const first = await metrics.exposition();
    expect(first.split('\n')).toEqual(expect.arrayContaining(['ptt_kept_total{reason="a"} 0', 'ptt_open 4']));
    kept.a = 2;
    kept.open = 1;
    await metrics.exposition();
    const last = await metrics.exposition();
    expect(last.split('\n')).toEqual(expect.arrayContaining(['ptt_kept_total{reason="a"} 2', 'ptt_open 1']));
  });

  it('are the same for the same name, and no other kind', async () => {
    const metrics = new PromMetrics({ process: false });
    const shape = { name: 'ptt_twice_total', help: 'Twice', labels: [] };
    metrics.counter(shape).add({});
    metrics.counter(shape).add({});
    expect(await metrics.exposition()).toContain('ptt_twice_total 2');
    metrics.sampled({ ...shape, kind: 'gauge', name: 'ptt_once' }, () => []);
    expect(() => metrics.counter({ ...shape, name: 'ptt_once' })).toThrow('ptt_once is a counter everywhere');
  });

  it('of two services stay apart', async () => {
    const [ff, admin] = [new PromMetrics({ process: false }), new PromMetrics({ process: false })];
    ff.counter({ name: 'ptt_mine_total', help: 'Mine', labels: [] }).add({});
    expect(await admin.exposition()).not.toContain('ptt_mine_total');
  });

  it('tell of the process itself when asked to', async () => {
    expect(await new PromMetrics({ process: true }).exposition()).toContain('process_resident_memory_bytes');
  });
});

describe('an outbox', () => {
  it('is told of by how much waits in it, and for how many seconds', async () => {
    const metrics = new PromMetrics({ process: false });
    measureOutbox(metrics, { size: 2, oldestMs: 1_500 });
    const text = await metrics.exposition();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining(['ptt_outbox_messages 2', 'ptt_outbox_oldest_seconds 1.5']),
    );
  });
});
