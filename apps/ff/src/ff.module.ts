import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DeferredSinkHandler, EnvelopeOut, EnvelopeRecorded } from '#libs/audit';
import { type MemoryBusDriver, Relay } from '#libs/bus';
import {
  ApprovalGate,
  FileFlagStore,
  FileOverrideStore,
  FLAGS_USE_CASES,
  FlagdTargeting,
  FlagStore,
  invalidationEvent,
  MatrixRows,
  OverrideStore,
  ServiceFacts,
  Targeting,
} from '#libs/flags';
import { Gate, type ApprovalCheck } from '#libs/gate';
import { TokenReader } from '#libs/identity';
import {
  BusFaults,
  busStatus,
  Commits,
  DispatchModule,
  HealthController,
  issuerStatus,
  Log,
  PromMetrics,
  Readiness,
  serviceProviders,
  storeStatus,
  type Ambient,
  type DependencyStatus,
} from '#libs/platform';
import { InvalidationRelay } from './bus/relay.ts';
import { SubscribersController } from './bus/subscribers.controller.ts';
import { FfMetrics } from './ff-metrics.ts';
import type { FfStore } from './ff-store.ts';
import { EvaluateController } from './http/evaluate.controller.ts';
import { FlagsController } from './http/flags.controller.ts';
import { OverridesController } from './http/overrides.controller.ts';
import { RegistryController } from './http/registry.controller.ts';

/** What one replica of FF is made of. */
export interface FfParts {
  /** Such as `ff-1`; in every answer. */
  readonly replica: string;
  readonly verification: 'verified' | 'decode-only';
  readonly tokens: TokenReader;
  readonly store: FfStore;
  /** True for the one replica of a process that tells of the store's commits. */
  readonly isRelay: boolean;
  readonly approvals: ApprovalCheck;
  readonly matrixRows: MatrixRows;
  readonly gateReuseMs: number;
  readonly bus: MemoryBusDriver;
  readonly envelopes: EnvelopeOut;
  readonly ambient: Ambient;
  readonly log: Log;
}

const COMMITS = Commits.toldAs({
  ofMessage: invalidationEvent,
  ofRecord: (envelope) => new EnvelopeRecorded(envelope),
});

/** Composition, and nothing else: each port with what is plugged into it. */
@Module({})
export class FfModule {
  static with(parts: FfParts): DynamicModule {
    return {
      module: FfModule,
      imports: [PortsModule.with(parts), DispatchModule],
      controllers: [
        EvaluateController,
        FlagsController,
        OverridesController,
        RegistryController,
        HealthController,
        SubscribersController,
      ],
      providers: [
        ...FLAGS_USE_CASES,
        FfMetrics,
        ...(parts.isRelay ? [COMMITS, InvalidationRelay, DeferredSinkHandler] : []),
      ],
    };
  }
}

@Module({})
class PortsModule {
  static with(parts: FfParts): DynamicModule {
    const { ambient, store } = parts;
    const metrics = new PromMetrics({ process: true });
    const gate = new Gate(
      {
        approvals: parts.approvals,
        clock: ambient.clock,
        scheduler: ambient.scheduler,
        random: ambient.random,
        report: (err) => parts.log.warn('Admin was not reached, or refused: gated flags are denied', { err }),
      },
      { reuseMs: parts.gateReuseMs },
    );
    const relay = Relay.over(parts.bus, ambient.scheduler, new BusFaults(metrics, parts.log));
    const providers = [
      ...serviceProviders({ ...parts, metrics, files: store.files }),
      { provide: FlagStore, useValue: new FileFlagStore(store.files, store.edits) },
      { provide: OverrideStore, useValue: new FileOverrideStore(store.files) },
      { provide: Targeting, useValue: new FlagdTargeting() },
      { provide: ServiceFacts, useValue: new FfFacts(parts.replica, parts.verification) },
      { provide: TokenReader, useValue: parts.tokens },
      { provide: MatrixRows, useValue: parts.matrixRows },
      { provide: Gate, useValue: gate },
      { provide: ApprovalGate, useValue: gate },
      { provide: Relay, useValue: relay },
      { provide: EnvelopeOut, useValue: parts.envelopes },
      { provide: Readiness, useValue: readinessOf(parts, gate) },
    ] satisfies Provider[];
    return { module: PortsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** What FF stands on. */
function readinessOf({ store, tokens, bus }: FfParts, gate: Gate): Readiness {
  return new Readiness(() => [
    storeStatus(store.files),
    adminStatus(gate),
    issuerStatus(tokens.keys()),
    busStatus(bus),
  ]);
}

/** Evaluations go on without Admin: flags that are not gated are answered, and the others denied. */
function adminStatus({ breakerState }: Gate): DependencyStatus {
  const isOpen = breakerState === 'open';
  return {
    name: 'admin',
    status: isOpen ? 'down' : 'up',
    detail: isOpen ? 'the breaker is open: gated flags are denied' : `the breaker is ${breakerState}`,
    required: false,
  };
}

class FfFacts extends ServiceFacts {
  readonly backingState = 'file_backed';

  constructor(
    readonly replica: string,
    readonly verification: 'verified' | 'decode-only',
  ) {
    super();
  }
}
