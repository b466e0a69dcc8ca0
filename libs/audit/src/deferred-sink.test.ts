import { describe, expect, it } from '@jest/globals';
import { CqrsModule, EventBus } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { SequentialIds } from '#libs/platform/testing';
import { DeferredSinkHandler, EnvelopeOut, EnvelopeRecorded } from './index.ts';
import { chainOf, CollectedOut, entriesOf } from './testing/index.ts';

describe('DeferredSinkHandler', () => {
  it('mirrors every envelope that was recorded, one line each, in order', async () => {
    const out = new CollectedOut();
    const module = await Test.createTestingModule({
      imports: [CqrsModule.forRoot()],
      providers: [DeferredSinkHandler, { provide: EnvelopeOut, useValue: out }],
    }).compile();
    await module.init();
    const chain = chainOf('/ptt/ff', new SequentialIds(), entriesOf(3));
    for (const envelope of chain) await module.get(EventBus).publish(new EnvelopeRecorded(envelope));
    expect(out.lines.map((line) => line.endsWith('}\n'))).toEqual([true, true, true]);
    expect(out.lines.map((line): unknown => JSON.parse(line))).toEqual(chain);
    expect(out.lines.every((line) => line.includes('"sink_status":"deferred"'))).toBe(true);
    await module.close();
  });
});
