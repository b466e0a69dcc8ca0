import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { PttError, type ChangeCommand, type Origin } from '#libs/kernel';

/** The one way in for a change, whoever asks: HTTP, bus, command line. */
@Injectable()
export class Dispatcher {
  constructor(private readonly commands: CommandBus) {}

  /**
   * Checks the scope, stamps who asks, and runs the command's handler.
   * Claims that were not verified prove nothing either way, so an unverified actor is not asked for a scope.
   * @throws PttError `insufficient_scope` when a verified token lacks the command's scope, before anything is run.
   */
  async execute<Answer>(command: ChangeCommand<Answer>, origin: Origin): Promise<Answer> {
    requireScope(origin, command.scope);
    return this.commands.execute<ChangeCommand<Answer>, Answer>(command.actFor(origin));
  }
}

/**
 * The same check for what is no change: reads and evaluations.
 * @throws PttError `insufficient_scope`
 */
export function requireScope({ actor }: Pick<Origin, 'actor'>, scope: ChangeCommand<unknown>['scope']): void {
  if (!actor.verified || actor.scopes.has(scope)) return;
  throw new PttError('insufficient_scope', {
    detail: `the token lacks the scope ${scope}; ask the issuer for one that carries it`,
    extensions: { scope },
  });
}
