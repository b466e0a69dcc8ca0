import type { Callee } from '../net/network.ts';
import { Life } from '../time/life.ts';
import { NodeTime, type WallClock } from '../time/node-time.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

/** Something that runs, on a machine whose clock it reads, until it is ended. */
export class SimProcess implements Callee {
  readonly name: string;
  readonly life = new Life();
  readonly clock: NodeTime;

  constructor(name: string, time: VirtualTime, wall: WallClock) {
    this.name = name;
    this.clock = new NodeTime(time, this.life, wall);
  }
}
