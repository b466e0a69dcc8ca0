import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { invariant } from '#libs/kernel';

// The keys under which @nestjs/cqrs keeps what its decorators say; it does not export them.
const ONE_HANDLER = ['__commandHandler__', '__queryHandler__'] as const;
const MANY_HANDLERS = '__eventsHandler__';

interface Place {
  readonly handler: Type<unknown>;
  readonly module: string;
}

/**
 * Refuses to boot when a command or a query has two handlers, or when any handler is provided twice:
 * Nest would let the last one win, or run an event's handler once for each module that provides it.
 */
@Injectable()
export class HandlerCheck implements OnModuleInit {
  constructor(private readonly modules: ModulesContainer) {}

  onModuleInit(): void {
    const problems = [...this.#providedTwice(), ...ONE_HANDLER.flatMap((key) => this.#handledTwice(key))];
    invariant(problems.length === 0, problems.join('; '));
  }

  #places(key: string): readonly { readonly handled: unknown; readonly place: Place }[] {
    return [...this.modules.values()].flatMap((module) =>
      [...module.providers.values()].flatMap(({ instance, metatype }) => {
        const made: unknown = instance?.constructor ?? metatype;
        if (!isClass(made)) return [];
        const handled: unknown = Reflect.getMetadata(key, made);
        return handled === undefined ? [] : [{ handled, place: { handler: made, module: module.name } }];
      }),
    );
  }

  #providedTwice(): string[] {
    const byHandler = Map.groupBy(
      [...ONE_HANDLER, MANY_HANDLERS].flatMap((key) => this.#places(key)),
      ({ place }) => place.handler,
    );
    return [...byHandler]
      .filter(([, places]) => places.length > 1)
      .map(([handler, places]) => {
        const modules = places.map(({ place }) => place.module).join(' and ');
        return `${handler.name} is provided twice, in ${modules}: provide it once and import that module`;
      });
  }

  #handledTwice(key: string): string[] {
    const byMessage = Map.groupBy(this.#places(key), ({ handled }) => handled);
    return [...byMessage]
      .map(([message, places]) => ({ message, places, handlers: new Set(places.map(({ place }) => place.handler)) }))
      .filter(({ handlers }) => handlers.size > 1)
      .map(({ message, places }) => {
        const handlers = places.map(({ place }) => `${place.handler.name} (${place.module})`).join(' and ');
        return `${isClass(message) ? message.name : String(message)} has two handlers, ${handlers}: keep one`;
      });
  }
}

function isClass(value: unknown): value is Type<unknown> {
  return typeof value === 'function';
}
