import { BusUnreachable, Outbox, type OutboxRow, type Receive, Relay, type Subscription } from '#libs/bus';
import type { OutboxMessage } from '#libs/kernel';
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
    plant: () => {
      return overlaid(
        Relay,
        class extends Relay {
          protected override async handOver(row: OutboxRow): Promise<void> {
            try {
              await super.handOver(row);
            } catch (failure) {
              const { key } = row.message.payload;
              const isUsers = typeof key === 'string' && key.startsWith('ptt:ff:override:user:');
              if (!isUsers || !(failure instanceof BusUnreachable)) throw failure;
            }
          }
        },
      );
    },
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
