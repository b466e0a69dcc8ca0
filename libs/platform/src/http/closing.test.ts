import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { CollectingLog, ManualClock, SequentialIds } from '#libs/platform/testing';
import { urlOf } from '../config/address.ts';
import { createHttpApp, type HttpApp } from './http-app.ts';

/** A door that a request waits behind. */
class Door {
  #open: () => void = () => undefined;
  #arrive: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.#open = resolve));
  readonly arrived = new Promise<void>((resolve) => (this.#arrive = resolve));

  pass(): Promise<void> {
    this.#arrive();
    return this.opened;
  }

  open(): void {
    this.#open();
  }
}

@Injectable()
class Ground implements OnModuleDestroy {
  onModuleDestroy(): void {
    destroyed.push('ground');
  }
}

@Controller()
class ClosingController {
  @Get('now')
  now(): unknown {
    return {};
  }

  @Get('wait')
  async wait(): Promise<unknown> {
    await door.pass();
    return { destroyed: destroyed.length };
  }
}

@Module({ controllers: [ClosingController], providers: [Ground] })
class ClosingModule {}

let door: Door;
let destroyed: string[];
let clock: ManualClock;
let app: HttpApp;
let url: string;

beforeEach(async () => {
  door = new Door();
  destroyed = [];
  clock = new ManualClock();
  const log = new CollectingLog();
  app = await createHttpApp(ClosingModule, { log, clock, scheduler: clock, ids: new SequentialIds() });
  url = urlOf(await app.listen({ host: '127.0.0.1', port: 0 }, 'PTT_FF_LISTEN'));
});

afterEach(() => app.close());

describe('closing', () => {
  it('lets a request under way end before anything below it is closed, and takes no new one', async () => {
    const answering = fetch(`${url}/wait`);
    await door.arrived;
    const closing = app.close();
    await expect(fetch(`${url}/now`)).rejects.toThrow('fetch failed');
    door.open();
    const answer = await answering;
    expect(answer.headers.get('connection')).toBe('close');
    await expect(answer.json()).resolves.toEqual({ destroyed: 0 });
    await closing;
    expect(destroyed).toEqual(['ground']);
    expect(clock.waiting).toBe(0);
  });

  it('waits ten seconds and no longer', async () => {
    const ended = fetch(`${url}/wait`).then(
      () => 'answered',
      () => 'cut off',
    );
    await door.arrived;
    const closing = app.close();
    await clock.advance(9_999);
    expect(destroyed).toEqual([]);
    await clock.advance(1);
    await closing;
    await expect(ended).resolves.toBe('cut off');
    expect(destroyed).toEqual(['ground']);
    expect(clock.waiting).toBe(0);
    door.open();
  });

  it('ends connections that nobody uses, and leaves no timer behind', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /now HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await app.close();
    await closed;
    expect(socket.destroyed).toBe(true);
    expect(clock.waiting).toBe(0);
  });
});
