import { BusUnreachable, Outbox, type OutboxRow, type Receive, Relay, type Subscription } from '#libs/bus';
import type { JsonObject, OutboxMessage } from '#libs/kernel';
import { RemoteBus } from '../models/remote-bus.ts';
import { type Bug, overlaid } from './bug.ts';

const TESTS = ['libs/bus/src/relay.test.ts', 'libs/bus/src/outbox.test.ts'];
/** As a relay takes over. */
const TAKEOVER_MS = 1_000;

/** Faults of outbox, relay and bus. */
export const BUGS: readonly Bug[] = [
  {
    id: 'publish-not-retried',
    invariant: 'I7',
    what: 'A message of a user’s override that was not acknowledged in time is taken for handed over.',
    tests: TESTS,
    plant: () => notRetried(({ key }) => typeof key === 'string' && key.startsWith('ptt:ff:override:user:')),
  },
  {
    id: 'drop-not-retried',
    invariant: 'I7',
    what: 'A message that drops many entries at once and was not acknowledged in time is taken for handed over.',
    tests: TESTS,
    plant: () => notRetried(({ scope }) => scope !== undefined),
  },
  {
    id: 'one-message-a-target',
    invariant: 'I7',
    what: 'Of what one commit tells of approvals for the same target only the last is told.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Outbox,
        class extends Outbox {
          override add(messages: readonly OutboxMessage[]): void {
            const targets = messages.map(({ payload }) => payload['target_id']);
            super.add(messages.filter((_, index) => !isAmong(targets[index], targets.slice(index + 1))));
          }
        },
      ),
  },
  {
    id: 'takeover-drops-row',
    invariant: 'I7',
    what: 'What was taken over of another replica counts for all that waited of it.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Outbox,
        class extends Outbox {
          override done(row: OutboxRow): void {
            super.done(row);
            if (row.owner === null || this.ageMs(row) < TAKEOVER_MS) return;
            const isLeft = (one: OutboxRow): boolean => one.owner === row.owner && this.ageMs(one) >= TAKEOVER_MS;
            for (let left = this.oldest(isLeft); left !== undefined; left = this.oldest(isLeft)) super.done(left);
          }
        },
      ),
  },
  {
    id: 'publish-before-commit',
    invariant: 'I7',
    what: 'Where an older message of a thing still waits, a newer one takes its place as soon as it is decided.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Outbox,
        class extends Outbox {
          override claim(messages: readonly OutboxMessage[], owner: string): void {
            super.claim(messages, owner);
            const waiting = messages.filter(({ payload }) => {
              return this.oldest(({ message }) => message.payload['key'] === payload['key']) !== undefined;
            });
            this.add(waiting);
          }
        },
      ),
  },
  {
    id: 'flush-on-ready',
    invariant: 'I2',
    what: 'The cache is flushed when the connection is there again, and not when the subscription is acknowledged.',
    tests: ['libs/sim/src/net'],
    plant: () =>
      overlaid(
        RemoteBus,
        class extends RemoteBus {
          override async subscribe(channel: string, receive: Receive): Promise<Subscription> {
            const subscription = await super.subscribe(channel, receive);
            return { ...subscription, onRestored: (listener) => this.onConnected(listener) };
          }
        },
      ),
  },
];

/** Has a message of those go unless it is acknowledged at the first try. */
function notRetried(isOne: (payload: JsonObject) => boolean): () => void {
  return overlaid(
    Relay,
    class extends Relay {
      protected override async handOver(row: OutboxRow): Promise<void> {
        try {
          await super.handOver(row);
        } catch (failure) {
          if (!isOne(row.message.payload) || !(failure instanceof BusUnreachable)) throw failure;
        }
      }
    },
  );
}

function isAmong(target: unknown, others: readonly unknown[]): boolean {
  return target !== undefined && others.includes(target);
}
