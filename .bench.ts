import { VirtualTime, Chance, RollingHash } from '#libs/sim';
const t = new VirtualTime(new Chance(1), new RollingHash());
let n = 0;
const tick = () => {
  n += 1;
  if (n < 400_000) t.after(1, tick);
};
for (let i = 0; i < 50; i++) t.after(i, tick);
const c = process.cpuUsage().user;
await t.runUntil(1e9, () => false);
const us = process.cpuUsage().user - c;
console.log(n, 'events', (us / n).toFixed(2), 'us/event');
