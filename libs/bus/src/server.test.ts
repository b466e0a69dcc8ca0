import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication, Injectable, type OnModuleInit } from '@nestjs/common';
import { BaseRpcContext, Ctx, EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { of, throwError } from 'rxjs';
import { settle } from '#libs/platform/testing';
import { BusServer, type ChannelValidators, connectBus, MemoryBusDriver, MemoryBusHub } from './index.ts';
import { CollectedReport } from './testing/index.ts';

const INVALIDATE = 'ptt.ff.invalidate';
const REFRESH = 'approval_ttl_refresh';

/** What the subscribers below saw, in order. */
@Injectable()
class Seen implements OnModuleInit {
  readonly messages: unknown[] = [];
  starts = 0;

  onModuleInit(): void {
    this.starts += 1;
  }
}

@Controller()
class Subscriber {
  private readonly seen: Seen;

  constructor(seen: Seen) {
    this.seen = seen;
  }

  @EventPattern(INVALIDATE)
  invalidate(@Payload() message: unknown, @Ctx() context: unknown): void {
    this.seen.messages.push([context instanceof BaseRpcContext ? context.getArgs() : null, message].flat());
  }

  @EventPattern(REFRESH)
  async refresh(@Payload() message: { readonly fails?: string; readonly n: number }): Promise<unknown> {
    if (message.fails === 'throws') throw new RangeError('refresh failed');
    if (message.fails === 'rpc') throw new RpcException('refresh refused');
    if (message.fails === 'stream') return throwError(() => new RangeError('the stream failed'));
    if (message.fails === 'late') await Promise.reject(new RangeError('failed later'));
    this.seen.messages.push(message.n);
    return of(1, 2);
  }
}

@Controller()
class OtherSubscriber {
  private readonly seen: Seen;

  constructor(seen: Seen) {
    this.seen = seen;
  }

  @EventPattern(REFRESH)
  refresh(@Payload() message: { readonly fails?: string; readonly n: number }): void {
    if (message.fails !== undefined) throw new TypeError('the other failed too');
    this.seen.messages.push(`other ${message.n}`);
  }
}

@Controller()
class Asked {
  @MessagePattern(REFRESH)
  answer(): string {
    return 'no';
  }
}

const hasNumber = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'n' in value && typeof value.n === 'number';
const VALIDATORS = { [INVALIDATE]: hasNumber, [REFRESH]: hasNumber };

const open: INestApplication[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function start(controllers: (new (...args: never[]) => unknown)[], validators: ChannelValidators = VALIDATORS) {
  const module = await Test.createTestingModule({ controllers, providers: [Seen] }).compile();
  const app = module.createNestApplication(new FastifyAdapter(), { logger: false });
  const hub = new MemoryBusHub();
  const driver = new MemoryBusDriver(hub);
  const report = new CollectedReport();
  const server = new BusServer({ driver, validators, report });
  connectBus(app, server);
  open.push(app);
  await app.startAllMicroservices();
  await app.init();
  return { app, hub, driver, report, server, seen: app.get(Seen), publisher: new MemoryBusDriver(hub) };
}

describe('BusServer', () => {
  it('calls plain @EventPattern methods with the message, in order', async () => {
    const { publisher, seen, report } = await start([Subscriber]);
    await publisher.publish(INVALIDATE, { n: 1 });
    await publisher.publish(INVALIDATE, { n: 2, key: 'ff.a' });
    await settle();
    expect(seen.messages).toEqual([
      [INVALIDATE, { n: 1 }],
      [INVALIDATE, { n: 2, key: 'ff.a' }],
    ]);
    expect(report.failures).toEqual([]);
  });

  it('calls every handler of a channel', async () => {
    const { publisher, seen } = await start([Subscriber, OtherSubscriber]);
    await publisher.publish(REFRESH, { n: 7 });
    await settle();
    expect(seen.messages).toEqual([7, 'other 7']);
  });

  it.each([
    ['throws', new RangeError('refresh failed')],
    ['late', new RangeError('failed later')],
    ['stream', new RangeError('the stream failed')],
    ['rpc', new RpcException('refresh refused')],
  ])('reports the error of a handler that fails (%s) as it is, and goes on', async (fails, error) => {
    const { publisher, seen, report } = await start([Subscriber]);
    await publisher.publish(REFRESH, { n: 1, fails });
    await publisher.publish(REFRESH, { n: 2 });
    await settle();
    expect(report.failures).toEqual([{ channel: REFRESH, error }]);
    expect(seen.messages).toEqual([2]);
  });

  it('reports the errors of each handler of a channel', async () => {
    const { publisher, report } = await start([Subscriber, OtherSubscriber]);
    await publisher.publish(REFRESH, { n: 1, fails: 'late' });
    await settle();
    expect(report.failures.map(({ error }) => String(error)).toSorted()).toEqual([
      'RangeError: failed later',
      'TypeError: the other failed too',
    ]);
  });

  it('drops what is no message of its channel: each counted, the first of a kind said to be so', async () => {
    const { hub, publisher, seen, report } = await start([Subscriber]);
    hub.send(INVALIDATE, '{"n":1');
    hub.send(INVALIDATE, '[1]');
    hub.send(INVALIDATE, '{"n":"1"}');
    hub.send(REFRESH, '{}');
    hub.send(INVALIDATE, '');
    await publisher.publish(INVALIDATE, { n: 3 });
    await settle();
    expect(seen.messages).toEqual([[INVALIDATE, { n: 3 }]]);
    expect(report.drops).toEqual([
      { message: { channel: INVALIDATE, reason: 'not_json', count: 1 }, isFirst: true },
      { message: { channel: INVALIDATE, reason: 'against_schema', count: 1 }, isFirst: true },
      { message: { channel: INVALIDATE, reason: 'against_schema', count: 2 }, isFirst: false },
      { message: { channel: REFRESH, reason: 'against_schema', count: 1 }, isFirst: true },
      { message: { channel: INVALIDATE, reason: 'not_json', count: 2 }, isFirst: false },
    ]);
  });

  it('tells of a break and of its end, per channel', async () => {
    const { driver, server } = await start([Subscriber]);
    const told: string[] = [];
    server.on('break', (channel) => told.push(`break ${channel}`));
    server.on('restored', (channel) => told.push(`restored ${channel}`));
    driver.disconnect();
    driver.reconnect();
    expect(told).toEqual([`break ${INVALIDATE}`, `break ${REFRESH}`, `restored ${INVALIDATE}`, `restored ${REFRESH}`]);
  });

  it('hears nothing any more once the application is closed', async () => {
    const { app, publisher, seen } = await start([Subscriber]);
    await app.close();
    await publisher.publish(INVALIDATE, { n: 1 });
    await settle();
    expect(seen.messages).toEqual([]);
  });

  it('leaves the start-up hooks of the application to the application', async () => {
    const { seen } = await start([Subscriber]);
    expect(seen.starts).toBe(1);
  });

  it('hands out its driver', async () => {
    const { server, driver } = await start([]);
    expect(server.unwrap()).toBe(driver);
  });

  it('does not start when the bus cannot be reached', async () => {
    const driver = new MemoryBusDriver(new MemoryBusHub());
    driver.disconnect();
    const server = new BusServer({ driver, validators: VALIDATORS, report: new CollectedReport() });
    server.addHandler(INVALIDATE, () => Promise.resolve(null), true);
    const answers: unknown[] = [];
    await server.listen((error) => answers.push(error));
    expect(answers.map(String)).toEqual([`BusUnreachable: ${INVALIDATE}: this replica's bus is disconnected`]);
  });

  it('does not start with a handler of a channel that has no schema', async () => {
    await expect(start([Subscriber], { [INVALIDATE]: hasNumber })).rejects.toThrow(
      'the channel approval_ttl_refresh has a schema',
    );
  });

  it('refuses handlers of requests', async () => {
    await expect(start([Asked])).rejects.toThrow('the bus carries events: @EventPattern(channel)');
  });
});
