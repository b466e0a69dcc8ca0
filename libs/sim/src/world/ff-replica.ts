import { BusClient, BusServer, MemoryBusDriver, Relay } from '#libs/bus';
import { Cache, isInvalidation, SharedTexts } from '#libs/cache';
import { validators } from '#libs/contracts';
import {
  ApprovalGate,
  CachedInputs,
  ChangeListener,
  DenialRecorder,
  EvaluateFlag,
  EvaluateFlags,
  FileFlagStore,
  FileOverrideStore,
  FLAGS_USE_CASES,
  FlagdTargeting,
  FlagInputs,
  FlagStore,
  MatrixRows,
  OverrideStore,
  ServiceFacts,
  Targeting,
} from '#libs/flags';
import { Gate, type RefreshedTarget } from '#libs/gate';
import type { TokenReader } from '#libs/identity';
import { type ChangeCommand, Clock, Ids, type JsonObject, type Origin, Scheduler } from '#libs/kernel';
import { type Dispatcher, ReplicaWrites } from '#libs/platform';
import { Composition } from '../compose.ts';
import { DistantFlags, DistantOverrides } from '../models/distant-stores.ts';
import { RemoteBus } from '../models/remote-bus.ts';
import { RemoteTier } from '../models/remote-tier.ts';
import { SimIds } from '../models/sim-ids.ts';
import { AdminGate, type Admins } from './admin-gate.ts';
import type { FfStore } from './ff-store.ts';
import { GuardedCommits } from './guarded-commits.ts';
import { ObservedInputs } from './observed-inputs.ts';
import type { SimProcess } from './process.ts';
import type { Site } from './site.ts';
import { StoreDistance } from './store-distance.ts';
import { WorldReport } from './world-report.ts';

/** `PTT_GATE_REUSE_MS`, its default. */
export const REUSE_MS = 5_000;

export interface ReplicaOptions {
  readonly isMain: boolean;
  /** Whether the shared tier may hold what a process that died had not told of. */
  readonly isTierDoubtful: boolean;
  readonly tokensOf: (process: SimProcess, shared: SharedTexts) => TokenReader;
  readonly admins: Admins;
}

/** One replica of FF: production classes on the ports of its process. */
export class FfReplica {
  readonly process: SimProcess;
  readonly tokens: TokenReader;
  readonly evaluateFlag: EvaluateFlag;
  readonly evaluateFlags: EvaluateFlags;
  readonly inputs: ObservedInputs;
  readonly bus: RemoteBus;
  readonly tier: RemoteTier;
  readonly cache: Cache;
  readonly gate: Gate;
  readonly #listener: ChangeListener;
  readonly #denials: DenialRecorder;
  readonly #dispatcher: Dispatcher;
  readonly #site: Site;

  constructor(process: SimProcess, store: FfStore, options: ReplicaOptions, site: Site) {
    this.process = process;
    this.#site = site;
    const { clock, name } = process;
    const { watch, network, time, redis, reported: report } = site;
    const now = (): number => time.now;
    this.tier = new RemoteTier(site.tier, { self: process, server: redis }, { network, watch, now });
    const { tier } = this;
    this.bus = new RemoteBus(new MemoryBusDriver(site.hub), { self: process, server: redis }, site);
    const cachePorts = {
      tier,
      clock,
      scheduler: clock,
      report,
      bounds: site.bounds,
      isTierDoubtful: options.isTierDoubtful,
    };
    this.cache = new Cache(cachePorts);
    this.tokens = options.tokensOf(process, new SharedTexts('jwks', cachePorts));
    const writes = new ReplicaWrites(store.files, {
      decided: (messages) => store.outbox.claim(messages, name),
      committed: (messages) => process.life.run(() => messages.forEach(({ payload }) => this.#hear(payload))),
    });
    const commits = new GuardedCommits(writes, process, site);
    const distance = new StoreDistance(process, site);
    const flags = new DistantFlags(new FileFlagStore(store.files, store.edits, commits), distance);
    const overrides = new DistantOverrides(new FileOverrideStore(store.files, commits), distance);
    const inputs = new CachedInputs(this.cache, clock, flags, overrides);
    this.inputs = new ObservedInputs(inputs, { replica: name, watch, now, clock });
    this.gate = new Gate(
      {
        approvals: new AdminGate(process, options.admins, site),
        clock,
        scheduler: clock,
        random: site.chance(`gate ${name}`),
        report,
      },
      { reuseMs: REUSE_MS },
    );
    this.#listener = new ChangeListener({ cache: this.cache, allows: this.gate, tokens: this.tokens });
    const composition = new Composition()
      .provide(Clock, clock)
      .provide(Scheduler, clock)
      .provide(Ids, new SimIds(site.chance(`ids ${name}`)))
      .provide(FlagStore, flags)
      .provide(OverrideStore, overrides)
      .provide(FlagInputs, this.inputs)
      .provide(Targeting, new FlagdTargeting())
      .provide(ApprovalGate, this.gate)
      .provide(MatrixRows, options.admins)
      .provide(ServiceFacts, new Facts(name));
    this.#dispatcher = composition.dispatcher(FLAGS_USE_CASES);
    this.#denials = composition.get(DenialRecorder);
    this.evaluateFlag = composition.get(EvaluateFlag);
    this.evaluateFlags = composition.get(EvaluateFlags);
    const client = new BusClient(this.bus);
    // It lives as long as its process does.
    void new Relay(
      {
        outbox: store.outbox,
        scheduler: clock,
        announce: ({ channel, payload }) =>
          isInvalidation(payload) ? tier.announce(payload) : client.announce(channel, payload),
        report,
      },
      { replica: name, isMain: options.isMain },
    );
  }

  /** Subscribes; from then on it may be asked. */
  async start(): Promise<void> {
    const { failed } = this.#site;
    const server = new BusServer({
      driver: this.bus,
      validators: {
        'ptt.ff.invalidate': validators.pttFfInvalidateV1,
        approval_ttl_refresh: validators.approvalTtlRefreshV1,
      },
      report: new WorldReport(failed),
    });
    server.on('break', (channel) => this.#listener.onBreak(channel));
    server.on('restored', (channel) => this.#listener.onRestored(channel));
    server.addHandler('ptt.ff.invalidate', async (message: JsonObject) => this.#hear(message), true);
    server.addHandler('approval_ttl_refresh', async (message: ApprovalMessage) => this.#refresh(message), true);
    await new Promise<void>((resolve) => void server.listen(() => resolve()));
    this.#denials.onApplicationBootstrap();
  }

  execute<Answer>(command: ChangeCommand<Answer>, origin: Origin): Promise<Answer> {
    return this.#dispatcher.execute(command, origin);
  }

  #refresh(message: ApprovalMessage): void {
    this.#listener.onRefresh(message);
    this.#site.watch.refreshed({ replica: this.process.name, message, at: this.#site.time.now });
  }

  #hear(message: JsonObject): void {
    if (!isInvalidation(message)) return;
    this.#listener.onInvalidate(message);
    this.#site.watch.heard({ replica: this.process.name, message, at: this.#site.time.now });
  }
}

/** An `approval_ttl_refresh`. */
type ApprovalMessage = JsonObject & RefreshedTarget;

class Facts extends ServiceFacts {
  readonly verification = 'verified';
  readonly backingState = 'file_backed';

  constructor(readonly replica: string) {
    super();
  }
}
