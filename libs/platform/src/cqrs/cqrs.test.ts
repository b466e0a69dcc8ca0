import { describe, expect, it } from '@jest/globals';
import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import { CommandHandler, EventsHandler, QueryHandler } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';
import { assert, asyncProperty, constantFrom, subarray } from 'fast-check';
import { ChangeCommand, PttError, SCOPES, type Origin, type Scope } from '#libs/kernel';
import { CollectingLog, settle } from '#libs/platform/testing';
import { Log } from '../telemetry/log.ts';
import { NestLog } from '../telemetry/nest-log.ts';
import { DispatchModule } from './dispatch.module.ts';
import { Dispatcher, requireScope } from './dispatcher.ts';
import { DomainEvents } from './domain-events.ts';

class Rename extends ChangeCommand<string> {
  constructor(
    readonly to: string,
    readonly scope: Scope = 'ff:registry',
  ) {
    super();
  }
}

const seen: Origin[] = [];

@CommandHandler(Rename)
class RenameHandler {
  execute(command: Rename): Promise<string> {
    seen.push(command.origin);
    return Promise.resolve(command.to);
  }
}

@CommandHandler(Rename)
class OtherRenameHandler {
  execute(): Promise<string> {
    return Promise.resolve('other');
  }
}

class Find {
  readonly what = 'anything';
}

@QueryHandler(Find)
class FindHandler {
  execute(): Promise<null> {
    return Promise.resolve(null);
  }
}

class Renamed {
  constructor(readonly to: string) {}
}

const told: string[] = [];

@EventsHandler(Renamed)
class RenamedHandler {
  handle(event: Renamed): void {
    if (event.to === 'bad') throw new Error('cannot tell');
    told.push(event.to);
  }
}

@EventsHandler(Renamed)
class SlowHandler {
  handle(event: Renamed): Promise<void> {
    return event.to === 'worse' ? Promise.reject(new Error('cannot wait')) : Promise.resolve();
  }
}

@Module({})
class Names {}

@Module({})
class Others {}

@Module({})
class Root {}

@Global()
@Module({})
class Logs {}

async function boot(
  log: CollectingLog,
  ...imports: DynamicModule[]
): Promise<{
  readonly dispatcher: Dispatcher;
  readonly events: DomainEvents;
  readonly close: () => Promise<void>;
}> {
  const logs: DynamicModule = { module: Logs, providers: [{ provide: Log, useValue: log }], exports: [Log] };
  const root: DynamicModule = { module: Root, imports: [logs, DispatchModule, ...imports] };
  const app = await NestFactory.createApplicationContext(root, { logger: new NestLog(log), abortOnError: false });
  return { dispatcher: app.get(Dispatcher), events: app.get(DomainEvents), close: () => app.close() };
}

function originWith(scopes: readonly string[], verified: boolean): Origin {
  const actor = { id: 'U-1', roles: [], scopes: new Set(scopes), tenants: null, verified, approvalRef: null };
  return { actor, trace: { correlationId: 'c-1' } };
}

describe('a command', () => {
  it('is run by its handler on behalf of its origin', async () => {
    const { dispatcher, close } = await boot(new CollectingLog(), { module: Names, providers: [RenameHandler] });
    const origin = originWith(['ff:registry'], true);
    await expect(dispatcher.execute(new Rename('b'), origin)).resolves.toBe('b');
    expect(seen.at(-1)).toBe(origin);
    await close();
  });

  it('runs for a verified actor with its scope alone, and for every unverified one', async () => {
    const { dispatcher, close } = await boot(new CollectingLog(), { module: Names, providers: [RenameHandler] });
    await assert(
      asyncProperty(
        constantFrom(...SCOPES),
        subarray([...SCOPES]),
        constantFrom(true, false),
        async (scope, held, verified) => {
          const before = seen.length;
          const run = dispatcher.execute(new Rename('b', scope), originWith(held, verified));
          const outcome = await run.catch((error: unknown) => error);
          const isAllowed = !verified || held.includes(scope);
          expect(outcome instanceof PttError ? [outcome.code, outcome.extensions] : outcome).toEqual(
            isAllowed ? 'b' : ['insufficient_scope', { scope }],
          );
          expect(seen.length - before).toBe(isAllowed ? 1 : 0);
        },
      ),
    );
    await close();
  });

  it('is executed once', async () => {
    const { dispatcher, close } = await boot(new CollectingLog(), { module: Names, providers: [RenameHandler] });
    const command = new Rename('b');
    await dispatcher.execute(command, originWith([], false));
    await expect(dispatcher.execute(command, originWith([], false))).rejects.toThrow('Rename is executed once');
    await close();
  });

  it('without a handler is rejected, not thrown', async () => {
    const { dispatcher, close } = await boot(new CollectingLog());
    const run = dispatcher.execute(new Rename('b'), originWith([], false));
    await expect(run).rejects.toThrow('Rename');
    await close();
  });
});

describe('a read', () => {
  it('needs its scope as a change does', () => {
    expect(() => requireScope(originWith([], true), 'ff:read')).toThrow('the token lacks the scope ff:read');
    expect(requireScope(originWith(['ff:read'], true), 'ff:read')).toBeUndefined();
  });
});

describe('handlers', () => {
  it('refuse to boot as two for one command', async () => {
    const boots = boot(
      new CollectingLog(),
      { module: Names, providers: [RenameHandler] },
      { module: Others, providers: [OtherRenameHandler] },
    );
    await expect(boots).rejects.toThrow(
      'Rename has two handlers, RenameHandler (Names) and OtherRenameHandler (Others): keep one',
    );
  });

  it.each<[string, Type<unknown>]>([
    ['command', RenameHandler],
    ['query', FindHandler],
    ['event', RenamedHandler],
  ])('refuse to boot when one for a %s is provided twice', async (_kind, handler) => {
    const boots = boot(
      new CollectingLog(),
      { module: Names, providers: [handler] },
      { module: Others, providers: [handler] },
    );
    await expect(boots).rejects.toThrow(
      `${handler.name} is provided twice, in Names and Others: provide it once and import that module`,
    );
  });

  it('may be several for one event', async () => {
    const { close } = await boot(new CollectingLog(), { module: Names, providers: [RenamedHandler, SlowHandler] });
    await expect(close()).resolves.toBeUndefined();
  });
});

describe('events after a commit', () => {
  it('reach their handlers in order', async () => {
    const { events, close } = await boot(new CollectingLog(), { module: Names, providers: [RenamedHandler] });
    told.length = 0;
    events.publish([new Renamed('a'), new Renamed('b'), new Renamed('c')]);
    await settle();
    expect(told).toEqual(['a', 'b', 'c']);
    await close();
  });

  it('report what a handler throws or rejects, once each, and go on', async () => {
    const log = new CollectingLog();
    const { events, close } = await boot(log, { module: Names, providers: [RenamedHandler, SlowHandler] });
    told.length = 0;
    events.publish([new Renamed('bad'), new Renamed('worse'), new Renamed('good')]);
    await settle();
    expect(told).toEqual(['worse', 'good']);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'an event handler failed',
        fields: { event: 'Renamed', err: new Error('cannot tell') },
      },
      {
        level: 'error',
        message: 'an event handler failed',
        fields: { event: 'Renamed', err: new Error('cannot wait') },
      },
    ]);
    await close();
  });
});
