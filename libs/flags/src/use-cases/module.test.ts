import { describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { Clock, Ids, Scheduler } from '#libs/kernel';
import { ManualClock, SequentialIds } from '#libs/platform/testing';
import { FlagdTargeting } from '../adapters/flagd-targeting.ts';
import { StoreInputs } from '../adapters/store-inputs.ts';
import {
  ApprovalGate,
  FlagInputs,
  FlagStore,
  MatrixRows,
  OverrideStore,
  ServiceFacts,
  Targeting,
} from '../ports/index.ts';
import { FakeFacts, FakeGate, FakeMatrixRows } from '../testing/fakes.ts';
import { FlagMachine } from '../testing/flag-machine.ts';
import { by } from '../testing/flag-service.ts';
import { sampleAsker, sampleRegistry } from '../testing/samples.ts';
import { EvaluateFlag, ExportRegistry, FLAGS_USE_CASES, ImportRegistry } from './index.ts';

describe('the use cases', () => {
  it('find their ports when Nest composes them, and record what was denied when it ends', async () => {
    const files = await new FlagMachine().open();
    const clock = new ManualClock();
    const gate = new FakeGate();
    gate.decide('ff.a', { decision: 'deny', reason: 'approval_missing' });
    const app = await Test.createTestingModule({
      imports: [CqrsModule.forRoot()],
      providers: [
        ...FLAGS_USE_CASES,
        { provide: FlagStore, useValue: files.flags },
        { provide: OverrideStore, useValue: files.overrides },
        { provide: FlagInputs, useValue: new StoreInputs(files.flags, files.overrides) },
        { provide: Targeting, useClass: FlagdTargeting },
        { provide: ApprovalGate, useValue: gate },
        { provide: MatrixRows, useValue: new FakeMatrixRows(['row']) },
        { provide: ServiceFacts, useValue: new FakeFacts() },
        { provide: Clock, useValue: clock },
        { provide: Scheduler, useValue: clock },
        { provide: Ids, useValue: new SequentialIds() },
      ],
    }).compile();
    await app.init();
    const registry = sampleRegistry({ 'ff.a': { requires_approval: true, approval_matrix_row: 'row' } });
    await app.get(CommandBus).execute(by(new ImportRegistry(registry, false, false)));
    expect(Object.keys((await app.get(QueryBus).execute(new ExportRegistry())).flags)).toEqual(['ff.a']);
    const subject = { tenantId: null, userId: null, context: {} };
    expect((await app.get(EvaluateFlag).execute('ff.a', subject, sampleAsker())).reason).toBe('approval_missing');
    await app.close();
    expect(files.actions()).toEqual(['registry.imported', 'evaluation.denied']);
    await files.close();
  });
});
