import { describe, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import { BusClient, MemoryBusDriver, MemoryBusHub } from './index.ts';
import { SendingChecked } from './testing/index.ts';

async function wired() {
  const hub = new MemoryBusHub();
  const got: string[] = [];
  await new MemoryBusDriver(hub).subscribe('c', (text) => got.push(text));
  const driver = new MemoryBusDriver(hub);
  return { driver, got, client: new BusClient(driver) };
}

describe('BusClient', () => {
  it('announces a message, and emits one as any Nest client does', async () => {
    const { client, got } = await wired();
    await client.announce('c', { n: 1 });
    await lastValueFrom(client.emit('c', { n: 2 }));
    expect(got).toEqual(['{"n":1}', '{"n":2}']);
  });

  it('tells its caller when a message could not be handed over', async () => {
    const { client, driver } = await wired();
    driver.disconnect();
    const lost = { name: 'BusUnreachable', channel: 'c', message: "c: this replica's bus is disconnected" };
    await expect(client.announce('c', { n: 1 })).rejects.toMatchObject(lost);
    await expect(lastValueFrom(client.emit('c', { n: 2 }))).rejects.toMatchObject(lost);
  });

  it('refuses requests, and channels that are no text', async () => {
    const { client } = await wired();
    await expect(lastValueFrom(client.send('c', {}))).rejects.toThrow('The bus carries events, not requests');
    await expect(lastValueFrom(client.emit({ cmd: 'c' }, {}))).rejects.toThrow('a channel is a string');
  });

  it('leaves its driver open when it is closed, and hands it out', async () => {
    const { client, driver, got } = await wired();
    client.close();
    expect(client.unwrap()).toBe(driver);
    await driver.publish('c', {});
    expect(got).toEqual(['{}']);
  });
});

describe('SendingChecked', () => {
  it('sends what the schema allows, and nothing else', async () => {
    const { driver, got } = await wired();
    const checked = new SendingChecked(driver, { c: (value) => JSON.stringify(value) === '{"n":1}' });
    await checked.publish('c', { n: 1 });
    await expect(checked.publish('c', { n: 2 })).rejects.toThrow('what is sent on c is what its schema says');
    await expect(checked.publish('d', { n: 1 })).rejects.toThrow('the channel d has a schema');
    expect(got).toEqual(['{"n":1}']);
  });
});
