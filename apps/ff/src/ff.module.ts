import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { DeferredSinkHandler, EnvelopeOut, EnvelopeRecorded } from '#libs/audit';
import { BusClient, type MemoryBusDriver, Outbox, Relay } from '#libs/bus';
import { Cache, isInvalidation, type SharedTexts, type SharedTier } from '#libs/cache';
import {
  ApprovalGate,
  CachedInputs,
  ChangeListener,
  FileFlagStore,
  FileOverrideStore,
  FLAGS_USE_CASES,
  FlagdTargeting,
  FlagInputs,
  FlagStore,
  invalidationEvent,
  MatrixRows,
  OverrideStore,
  ServiceFacts,
  StoreInputs,
  Targeting,
} from '#libs/flags';
import { Gate, type ApprovalCheck } from '#libs/gate';
import { TokenReader } from '#libs/identity';
import {
  BusFaults,
  busStatus,
  Commits,
  DispatchModule,
  measureOutbox,
  HealthController,
  issuerStatus,
  Log,
  PromMetrics,
  Readiness,
  ReplicaWrites,
  serviceProviders,
  storeStatus,
  type Ambient,
  type DependencyStatus,
} from '#libs/platform';
import { InvalidationRelay } from './bus/relay.ts';
import { SubscribersController } from './bus/subscribers.controller.ts';
import { cacheOf, CacheTelemetry } from './cache.ts';
import { FfMetrics } from './ff-metrics.ts';
import type { FfStore } from './ff-store.ts';
import { AnswerTexts } from './http/answer-texts.ts';
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
  /** What the replicas' caches share; null where nothing is cached (`PTT_CACHE=none`). */
  readonly tier: SharedTier | null;
  /** The way to the issuer's keys that replicas share; null where nobody verifies, or nothing is cached. */
  readonly jwks: SharedTexts | null;
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
        AnswerTexts,
        CacheTelemetry,
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
    const client = new BusClient(parts.bus);
    const faults = new BusFaults(metrics, parts.log);
    const { tier, replica } = parts;
    const { files, outbox } = store;
    const cache = tier === null ? null : cacheOf(tier, parts);
    const listener = new ChangeListener({ cache, allows: gate, tokens: parts.tokens });
    measureOutbox(metrics, outbox);
    const writes = new ReplicaWrites(files, {
      decided: (messages) => outbox.claim(messages, replica),
      // What this replica wrote it knows of before its caller is answered.
      committed: (messages) => {
        for (const { payload } of messages) if (isInvalidation(payload)) listener.onInvalidate(payload);
      },
    });
    const flags = new FileFlagStore(files, store.edits, writes);
    const overrides = new FileOverrideStore(files, writes);
    const inputs =
      cache === null ? new StoreInputs(flags, overrides) : new CachedInputs(cache, ambient.clock, flags, overrides);
    const relay = new Relay(
      {
        outbox,
        announce: ({ channel, payload }) =>
          tier !== null && isInvalidation(payload) ? tier.announce(payload) : client.announce(channel, payload),
        scheduler: ambient.scheduler,
        report: (failure, message) => faults.notHandedOver(failure, message),
      },
      { replica, isMain: parts.isRelay },
    );
    const providers = [
      ...serviceProviders({ ...parts, metrics, files }),
      { provide: FlagStore, useValue: flags },
      { provide: OverrideStore, useValue: overrides },
      { provide: FlagInputs, useValue: inputs },
      ...(cache === null ? [] : [{ provide: Cache, useValue: cache }]),
      { provide: ChangeListener, useValue: listener },
      { provide: Targeting, useValue: new FlagdTargeting() },
      { provide: ServiceFacts, useValue: new FfFacts(parts.replica, parts.verification) },
      { provide: TokenReader, useValue: parts.tokens },
      { provide: MatrixRows, useValue: parts.matrixRows },
      { provide: Gate, useValue: gate },
      { provide: ApprovalGate, useValue: gate },
      { provide: Outbox, useValue: outbox },
      { provide: Relay, useValue: relay },
      { provide: EnvelopeOut, useValue: parts.envelopes },
      { provide: Readiness, useValue: readinessOf(parts, gate, cache) },
    ] satisfies Provider[];
    return { module: PortsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** What FF stands on. */
function readinessOf({ store, tokens, bus }: FfParts, gate: Gate, cache: Cache | null): Readiness {
  return new Readiness(() => [
    storeStatus(store.files),
    adminStatus(gate),
    issuerStatus(tokens.keys()),
    busStatus(bus),
    ...(cache === null ? [] : [cacheStatus(cache)]),
  ]);
}

/** With no shared tier the store answers. */
function cacheStatus({ isAvailable }: Cache): DependencyStatus {
  return {
    name: 'cache',
    status: isAvailable ? 'up' : 'down',
    detail: isAvailable ? 'what replicas share is reached' : 'what replicas share is not reached: the store answers',
    required: false,
  };
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
