import type { Chance } from '../chance.ts';
import type { Life } from '../time/life.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import { Ways } from './ways.ts';

/** The connection was refused or reset: whoever called knows at once, and not whether it was done. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** What the faults make of the network, at any moment. */
export interface Weather {
  /** Whether a message that leaves now is lost; the other way may be open. */
  loses(from: string, to: string): boolean;
  /** Whether a reply that is about to leave is lost. */
  losesReply(from: string, to: string): boolean;
  /** What a message takes beside its usual time. */
  delayMs(from: string, to: string): number;
}

/** Whom a call is for: a process that may be dead. */
export interface Callee {
  readonly name: string;
  readonly life: Life;
}

/** A mean of 0.4 ms one way, as between two machines of a rack with some noise. */
const MEAN_MS = 0.4;

/** Carries calls between processes. Each side's continuation lives and dies with its own process. */
export class Network {
  readonly #time: VirtualTime;
  readonly #ways: Ways;
  readonly weather: Weather;
  /** Told of each message of a bus as it gets to a process, where a run is recorded. */
  overheard: ((to: string, channel: string, text: string) => void) | null = null;

  constructor(time: VirtualTime, chance: Chance, weather: Weather) {
    this.#time = time;
    this.#ways = new Ways(chance);
    this.weather = weather;
  }

  /** How long a message takes now. */
  latency(from: string, to: string): number {
    return 0.05 + this.#ways.of(from, to).exponential(MEAN_MS) + this.weather.delayMs(from, to);
  }

  /**
   * Has `serve` run at the other end. A dead callee resets the connection; a cut loses the request or the reply and
   * nobody is told, as with packets that are dropped: whoever calls sets the time limit.
   */
  call<T>(caller: Callee, callee: Callee, serve: () => Promise<T>): Promise<T> {
    // What is dead sends nothing, though something of it may still be called.
    if (!caller.life.isAlive) return new Promise(() => undefined);
    return new Promise<T>((resolve, reject) => {
      const back = (deliver: () => void): void => {
        this.#time.after(this.latency(callee.name, caller.name), () => caller.life.run(deliver));
      };
      const reply = (deliver: () => void): void => {
        if (!this.weather.loses(callee.name, caller.name) && !this.weather.losesReply(callee.name, caller.name)) {
          back(deliver);
        }
      };
      // One that fails before it has begun is a failed call like any other.
      const served = async (): Promise<T> => serve();
      const arrive = (): void => {
        served().then(
          (value) => callee.life.run(() => reply(() => resolve(value))),
          (error: unknown) =>
            callee.life.run(() => reply(() => reject(error instanceof Error ? error : new Error(String(error))))),
        );
      };
      if (this.weather.loses(caller.name, callee.name)) return;
      this.#time.after(this.latency(caller.name, callee.name), () => {
        if (callee.life.isAlive) callee.life.run(arrive);
        else back(() => reject(new ConnectionLost(callee.name)));
      });
    });
  }
}
