import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import {
  Alerts,
  APPROVAL_HANDLERS,
  approvalTransitionedOf,
  ApprovalStore,
  AuditTrail,
  FileApprovalStore,
  FileIngestStore,
  IngestStore,
  MatrixSource,
  SignerWorkflow,
  type Alert,
} from '#libs/approvals';
import { DeferredSinkHandler, EnvelopeOut, EnvelopeRecorded } from '#libs/audit';
import { BusClient, type MemoryBusDriver, Outbox, Relay } from '#libs/bus';
import { SubjectTokens, TokenReader } from '#libs/identity';
import { AuditRecorder } from '#libs/kernel';
import {
  BusFaults,
  busStatus,
  Commits,
  DispatchModule,
  measureOutbox,
  HealthController,
  issuerStatus,
  Log,
  Metrics,
  PromMetrics,
  Readiness,
  serviceProviders,
  storeStatus,
  type Ambient,
  type Counter,
} from '#libs/platform';
import type { AdminStore } from './admin-store.ts';
import { ApprovalRelay } from './bus/relay.ts';
import { ApprovalsController } from './http/approvals.controller.ts';
import { AuditController } from './http/audit.controller.ts';
import { CheckController } from './http/check.controller.ts';
import { CutoverController } from './http/cutover.controller.ts';
import { JournalAuditTrail } from './journal-audit-trail.ts';

/** What Admin is made of. */
export interface AdminParts {
  readonly tokens: TokenReader;
  /** Reads FF's callers' tokens: audience `ptt-ff`. */
  readonly subjects: SubjectTokens;
  readonly store: AdminStore;
  readonly signing: 'on' | 'read-only';
  readonly bus: MemoryBusDriver;
  readonly envelopes: EnvelopeOut;
  readonly ambient: Ambient;
  readonly log: Log;
}

const COMMITS = Commits.toldAs({
  ofMessage: approvalTransitionedOf,
  ofRecord: (envelope) => new EnvelopeRecorded(envelope),
});

/** Composition, and nothing else: each port with what is plugged into it. */
@Module({})
export class AdminModule {
  static with(parts: AdminParts): DynamicModule {
    return {
      module: AdminModule,
      imports: [PortsModule.with(parts), DispatchModule],
      controllers: [CheckController, ApprovalsController, AuditController, CutoverController, HealthController],
      providers: [...APPROVAL_HANDLERS, COMMITS, ApprovalRelay, DeferredSinkHandler],
    };
  }
}

@Module({})
class PortsModule {
  static with(parts: AdminParts): DynamicModule {
    const { ambient, store, log } = parts;
    const metrics = new PromMetrics({ process: true });
    const trail = new JournalAuditTrail(store.files);
    const client = new BusClient(parts.bus);
    const faults = new BusFaults(metrics, log);
    const outbox = new Outbox(ambient.clock);
    measureOutbox(metrics, outbox);
    const relay = new Relay(
      {
        outbox,
        announce: ({ channel, payload }) => client.announce(channel, payload),
        scheduler: ambient.scheduler,
        report: (failure, message) => faults.notHandedOver(failure, message),
      },
      { replica: 'admin', isMain: true },
    );
    const providers = [
      ...serviceProviders({ ...parts, metrics, files: store.files }),
      { provide: AuditRecorder, useValue: store.recorder },
      { provide: ApprovalStore, useValue: new FileApprovalStore(store.files, ambient.clock) },
      { provide: IngestStore, useValue: new FileIngestStore(store.files) },
      { provide: MatrixSource, useValue: store.matrix },
      { provide: AuditTrail, useValue: trail },
      { provide: JournalAuditTrail, useValue: trail },
      { provide: Alerts, useValue: new LoggedAlerts(metrics, log) },
      { provide: SignerWorkflow, useValue: new SignerWorkflow(parts.signing) },
      { provide: TokenReader, useValue: parts.tokens },
      { provide: SubjectTokens, useValue: parts.subjects },
      { provide: Outbox, useValue: outbox },
      { provide: Relay, useValue: relay },
      { provide: EnvelopeOut, useValue: parts.envelopes },
      { provide: Readiness, useValue: readinessOf(parts) },
    ] satisfies Provider[];
    return { module: PortsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** What Admin stands on. */
function readinessOf({ store, tokens, bus }: AdminParts): Readiness {
  return new Readiness(() => [storeStatus(store.files), issuerStatus(tokens.keys()), busStatus(bus)]);
}

/** An operator's alerts, as a counter to page on and a line to read. */
class LoggedAlerts extends Alerts {
  readonly #raised: Counter<'kind'>;
  readonly #log: Log;

  constructor(metrics: Metrics, log: Log) {
    super();
    this.#log = log;
    this.#raised = metrics.counter({
      name: 'ptt_alerts_total',
      help: 'What an operator must look at',
      labels: ['kind'],
    });
  }

  raise({ kind, detail }: Alert): void {
    this.#raised.add({ kind });
    this.#log.error('an operator must look', { kind, detail });
  }
}
