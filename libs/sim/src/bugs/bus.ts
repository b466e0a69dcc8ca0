import { BusUnreachable, Outbox, type OutboxRow, type Receive, Relay, type Subscription } from '#libs/bus';
import type { OutboxMessage } from '#libs/kernel';
import { RemoteBus } from '../models/remote-bus.ts';
import { type Bug, overlaid } from './bug.ts';

const TESTS = ['libs/bus/src'];

/** Faults of outbox, relay and bus. */
export const BUGS: readonly Bug[] = [
  {
    id: 'publish-not-retried',
    invariant: 'I5',
    what: 'A message that was not acknowledged in time twice is taken for handed over.',
    tests: TESTS,
    plant: () => {
      const timeouts = new WeakMap<OutboxRow, number>();
      return overlaid(
        Relay,
        class extends Relay {
          protected override async handOver(row: OutboxRow): Promise<void> {
            try {
              await super.handOver(row);
            } catch (failure) {
              const count = (timeouts.get(row) ?? 0) + (failure instanceof BusUnreachable ? 1 : 0);
              timeouts.set(row, count);
              if (count < 2) throw failure;
            }
          }
        },
      );
    },
  },
  {
    id: 'takeover-drops-row',
    invariant: 'I5',
    what: 'A row that was taken over from another replica is done when it was tried once.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Relay,
        class extends Relay {
          protected override async handOver(row: OutboxRow): Promise<void> {
            try {
              await super.handOver(row);
            } catch (failure) {
              if (this.isMine(row)) throw failure;
            }
          }
        },
      ),
  },
  {
    id: 'done-by-older-acknowledgement',
    invariant: 'I5',
    what: 'The acknowledgement of a message ends the newer one of the same thing, where another replica wrote that.',
    tests: TESTS,
    plant: () =>
      overlaid(
        Outbox,
        class extends Outbox {
          protected override isDone(now: OutboxRow, row: OutboxRow): boolean {
            return now.owner === row.owner ? super.isDone(now, row) : true;
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
