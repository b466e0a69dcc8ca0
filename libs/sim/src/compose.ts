import type { Abstract, Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { NestContainer } from '@nestjs/core/injector/container.js';
import { InstanceWrapper } from '@nestjs/core/injector/instance-wrapper.js';
import { CommandBus, type ICommandHandler } from '@nestjs/cqrs';
import { invariant } from '#libs/kernel';
import { Dispatcher } from '#libs/platform';

/** A class, or a port that stands for what was plugged into it. */
type Token<T = unknown> = Abstract<T> | Type<T>;

/**
 * Builds production classes by constructor: each parameter's class names what it needs, as Nest reads it, at a
 * hundredth of the time that a Nest application takes, of which a world would need five and a run a thousand.
 */
export class Composition {
  readonly #made = new Map<Token, unknown>();

  /** Plugs something into a port. */
  provide<T>(port: Token<T>, value: T): this {
    this.#made.set(port, value);
    return this;
  }

  /** The one instance of a class here. */
  get<T>(wanted: Type<T>): T {
    const made = this.#resolve(wanted, '');
    invariant(made instanceof wanted, `${wanted.name} is made by its own constructor`);
    return made;
  }

  /** The way in for commands to those of the classes that handle one. */
  dispatcher(classes: readonly Type[]): Dispatcher {
    const commands = new CommandBus(new NoModules(new NestContainer()));
    commands.register(
      classes.filter(isCommandHandler).map((handler) => {
        const instance = this.get(handler);
        return new InstanceWrapper({ name: handler.name, metatype: handler, instance, isResolved: true });
      }),
    );
    return new Dispatcher(commands);
  }

  #resolve(wanted: Token, neededBy: string): unknown {
    if (this.#made.has(wanted)) return this.#made.get(wanted);
    invariant(isConcrete(wanted), `${wanted.name} is plugged in${neededBy}`);
    const needs: unknown = Reflect.getMetadata('design:paramtypes', wanted);
    invariant(wanted.length === 0 || Array.isArray(needs), `${wanted.name} says what it needs${neededBy}`);
    const words = (Array.isArray(needs) ? needs : []).map((need: unknown) => {
      invariant(isToken(need), `each parameter of ${wanted.name} is a class`);
      return this.#resolve(need, ` for ${wanted.name}`);
    });
    const made: unknown = new wanted(...words);
    this.#made.set(wanted, made);
    return made;
  }
}

function isToken(value: unknown): value is Token {
  return typeof value === 'function' && value !== Object;
}

/** A port is abstract, which nothing shows at run time; but only what Nest may make is decorated. */
function isConcrete(token: Token): token is Type {
  return Reflect.getMetadataKeys(token).length > 0;
}

function isCommandHandler(candidate: Type): candidate is Type<ICommandHandler> {
  return Reflect.hasMetadata('__commandHandler__', candidate);
}

/** Handlers are instances already: nothing is ever looked up. */
class NoModules extends ModuleRef {
  override get(): never {
    throw new Error('nothing is looked up');
  }

  override resolve(): never {
    throw new Error('nothing is looked up');
  }

  override create(): never {
    throw new Error('nothing is looked up');
  }

  override introspect(): never {
    throw new Error('nothing is looked up');
  }

  override instantiateClass(): never {
    throw new Error('nothing is looked up');
  }
}
