import { isRecord, parseJson } from '#libs/kernel';
import type { World } from '../run/world.ts';
import type { TraceMessage } from '../report/trace.ts';

/** A message that may still arrive, and of which more may become known. */
interface Sent extends TraceMessage {
  arrivesAt: number | null;
  label: string;
  key: string | null;
}

const BUS = 'redis';

/**
 * Writes down what goes between processes in a time. It stands before the network, the bus and the shared tier of that
 * one world, which know nothing of it, and changes nothing of what they do.
 */
export class Traffic {
  readonly #world: World;
  readonly #isIn: (at: number) => boolean;
  readonly #sent: Sent[] = [];
  /** Calls with their replies: what a caller called is known once it ends. */
  readonly #calls = new Map<string, Sent[]>();
  /** Messages of the bus that have not arrived, by receiver and text. */
  readonly #onTheWay = new Map<string, Sent[]>();
  /** The call that is being served in this very turn: what it is about shows below. */
  #served: Sent | null = null;

  constructor(world: World, isIn: (at: number) => boolean) {
    this.#world = world;
    this.#isIn = isIn;
    this.#followCalls();
    this.#followBus();
    this.#followTier();
  }

  get messages(): readonly TraceMessage[] {
    return this.#sent;
  }

  /** What a caller's call was, known as it ends. */
  wasCalled(caller: string, beganAt: number, what: string): void {
    for (const sent of this.#calls.get(`${caller} ${beganAt}`) ?? []) sent.label = sent.label.replace(CALL, what);
  }

  #send(kind: TraceMessage['kind'], from: string, to: string, label: string, key: string | null = null): Sent {
    const at = this.#world.time.now;
    const sent: Sent = { from, to, at, arrivesAt: null, label, key, kind };
    if (this.#isIn(at)) this.#sent.push(sent);
    return sent;
  }

  #followCalls(): void {
    const { network } = this.#world.site;
    const carry = network.call.bind(network);
    const now = (): number => this.#world.time.now;
    network.call = <T>(...[caller, callee, serve]: Parameters<typeof carry<T>>) => {
      const call = this.#send('call', caller.name, callee.name, labelOf(caller.name, callee.name));
      const both = [call];
      this.#calls.set(`${caller.name} ${call.at}`, both);
      let reply: Sent | null = null;
      const answer = (word: string) => (): void => {
        reply = this.#send('reply', callee.name, caller.name, `${word} ${call.label}`, call.key);
        both.push(reply);
      };
      const carried = carry<T>(caller, callee, () => {
        call.arrivesAt = now();
        this.#served = call;
        const served = serve();
        this.#served = null;
        served.then(answer('answer to'), answer('failure of'));
        return served;
      });
      const arrived = (): void => {
        if (reply !== null) reply.arrivesAt = now();
      };
      carried.then(arrived, arrived);
      return carried;
    };
  }

  #followBus(): void {
    const { network, hub } = this.#world.site;
    const send = hub.send.bind(hub);
    hub.send = (channel, text) => {
      const key = keyIn(text);
      this.#about(channel, key);
      for (const { process } of this.#world.topology.replicas) {
        const sent = this.#send('event', BUS, process.name, channel, key);
        const name = `${process.name} ${channel} ${text}`;
        this.#onTheWay.set(name, [...(this.#onTheWay.get(name) ?? []), sent]);
      }
      send(channel, text);
    };
    network.overheard = (to, channel, text) => {
      const oldest = this.#onTheWay.get(`${to} ${channel} ${text}`)?.shift();
      if (oldest !== undefined) oldest.arrivesAt = this.#world.time.now;
    };
  }

  #followTier(): void {
    const { tier } = this.#world.site;
    const get = tier.get.bind(tier);
    const fill = tier.fill.bind(tier);
    tier.get = (namespace, key, refresh) => {
      this.#about(refresh ? 'get, refresh' : 'get', key);
      return get(namespace, key, refresh);
    };
    tier.fill = (namespace, key, ...others) => {
      this.#about('fill', key);
      return fill(namespace, key, ...others);
    };
  }

  #about(label: string, key: string | null): void {
    if (this.#served === null) return;
    this.#served.label = label;
    this.#served.key = key;
  }
}

/** What a caller asks, until it is known. */
const CALL = 'call';

/** What one usually asks of whom. */
function labelOf(caller: string, callee: string): string {
  if (callee === BUS) return 'drop all';
  if (callee === 'issuer') return 'keys';
  return caller.startsWith('ff') && callee.startsWith('admin') ? 'check' : CALL;
}

function keyIn(text: string): string | null {
  const message: unknown = parseJson(text);
  if (!isRecord(message)) return null;
  const key = message['key'] ?? message['target_id'] ?? message['namespace'];
  return typeof key === 'string' ? key : null;
}
