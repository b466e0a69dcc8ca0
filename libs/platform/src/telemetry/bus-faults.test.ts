import { beforeEach, describe, expect, it } from '@jest/globals';
import { CollectingLog } from '#libs/platform/testing';
import { BusFaults } from './bus-faults.ts';
import { PromMetrics } from './prom-metrics.ts';

let metrics: PromMetrics;
let log: CollectingLog;
let faults: BusFaults;
beforeEach(() => {
  metrics = new PromMetrics({ process: false });
  log = new CollectingLog();
  faults = new BusFaults(metrics, log);
});

describe('what goes wrong on the bus', () => {
  it('is counted, a subscriber’s failure and a message that is dropped', async () => {
    faults.handlerFailed('a', new Error('no'));
    faults.dropped({ channel: 'b', reason: 'not_json' }, true);
    const text = await metrics.exposition();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'ptt_bus_handler_failures_total{channel="a"} 1',
        'ptt_bus_messages_dropped_total{channel="b",reason="not_json"} 1',
      ]),
    );
  });

  it('is logged, of the messages that are dropped only the first of each kind', () => {
    faults.dropped({ channel: 'a', reason: 'not_json' }, true);
    faults.dropped({ channel: 'a', reason: 'not_json' }, false);
    faults.handlerFailed('b', 'why');
    faults.notHandedOver('why not', { channel: 'c' });
    expect(log.lines).toEqual([
      { level: 'warn', message: 'messages on the bus are dropped', fields: { channel: 'a', reason: 'not_json' } },
      { level: 'error', message: 'a subscriber failed on a message', fields: { channel: 'b', err: 'why' } },
      {
        level: 'warn',
        message: 'a message was not handed over; it is tried again',
        fields: { channel: 'c', err: 'why not' },
      },
    ]);
  });
});
