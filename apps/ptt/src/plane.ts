import { join } from 'node:path';
import { openAdminStore, startAdmin, type RunningAdmin } from '#apps/admin';
import { openFfStore, startFf, type RunningFf } from '#apps/ff';
import type { EnvelopeOut } from '#libs/audit';
import { MemoryBusDriver, MemoryBusHub } from '#libs/bus';
import { MemoryTier, type SharedTier } from '#libs/cache';
import { DevelopmentIssuer } from '#libs/identity';
import { Dispatcher, type Ambient, type Log, type Settings } from '#libs/platform';
import { Ends } from './ends.ts';
import { gateParts } from './gate-parts.ts';
import { Identities } from './identities.ts';
import { Seeds } from './seeds.ts';

export interface PlaneParts {
  readonly settings: Settings;
  /** The folder of the golden data that a new data folder is seeded from. */
  readonly fixtures: string;
  readonly ambient: Ambient;
  readonly envelopes: EnvelopeOut;
  readonly log: Log;
  /** A verification mode for each replica of FF; one replica, as the settings say, when not given. */
  readonly replicas?: readonly Settings['ffVerifyMode'][];
}

/** The whole control plane in one process. */
export interface Plane {
  /** Signs tokens; its keys are served over HTTP where a service verifies. */
  readonly issuer: DevelopmentIssuer;
  readonly admin: RunningAdmin;
  readonly ff: readonly RunningFf[];
  /** Ends everything in the opposite order of its start. */
  close(): Promise<void>;
}

/**
 * Starts issuer, Admin, and FF with its replicas, each a Nest application of its own, joined by HTTP and the in-memory
 * bus; a new data folder is seeded before anything listens.
 * @throws PttError `port_in_use`, `folder_locked`, `journal_damaged`, `config_invalid`; nothing stays behind then
 */
export async function startPlane(parts: PlaneParts): Promise<Plane> {
  const ends = new Ends(parts.log);
  try {
    const { settings, ambient } = parts;
    const issuer = await DevelopmentIssuer.open({
      folder: join(settings.dataDir, 'issuer'),
      url: settings.issuerUrl,
      clock: ambient.clock,
    });
    const hub = new MemoryBusHub();
    const tier =
      settings.cache === 'none'
        ? null
        : new MemoryTier(ambient.clock, (message) => hub.send('ptt.ff.invalidate', JSON.stringify(message)));
    const identities = await Identities.start(issuer, { ...parts, tier }, ends);
    const seeds = new Seeds(parts.fixtures, ambient.ids);
    const admin = await runAdmin(parts, identities, seeds, hub, ends);
    const ff = await runFf({ ...parts, tier }, identities, seeds, hub, admin, ends);
    return { issuer, admin, ff, close: () => ends.run() };
  } catch (error) {
    await ends.run();
    throw error;
  }
}

async function runAdmin(
  { settings, ambient, envelopes, log }: PlaneParts,
  identities: Identities,
  seeds: Seeds,
  hub: MemoryBusHub,
  ends: Ends,
): Promise<RunningAdmin> {
  await seeds.matrix(join(settings.dataDir, 'admin'));
  const named = log.with({ service: 'admin' });
  const store = await openAdminStore(settings.dataDir, ambient, named);
  ends.add(() => store.files.close());
  const admin = await startAdmin(
    {
      tokens: identities.forAdmin(),
      subjects: identities.subjects(),
      store,
      signing: settings.signing,
      bus: new MemoryBusDriver(hub),
      envelopes,
      ambient,
      log: named,
    },
    settings.adminListen,
    async (app) => void (await seeds.admin(app.nest.get(Dispatcher), ambient.clock.now())),
  );
  ends.add(() => admin.close());
  return admin;
}

async function runFf(
  parts: PlaneParts & { readonly tier: SharedTier | null },
  identities: Identities,
  seeds: Seeds,
  hub: MemoryBusHub,
  admin: RunningAdmin,
  ends: Ends,
): Promise<readonly RunningFf[]> {
  const { settings, ambient, envelopes, tier, log } = parts;
  const store = await openFfStore(settings.dataDir, ambient, log.with({ service: 'ff' }));
  ends.add(() => store.files.close());
  const gate = gateParts(parts, identities, admin);
  const running: RunningFf[] = [];
  for (const [index, verification] of (parts.replicas ?? [settings.ffVerifyMode]).entries()) {
    const replica = index === 0 ? `ff-${settings.replica}` : `ff-${settings.replica}.${index + 1}`;
    const ff = await startFf(
      {
        ...gate,
        replica,
        verification,
        ...identities.forFf(verification),
        store,
        isRelay: index === 0,
        gateReuseMs: settings.gateReuseMs,
        bus: new MemoryBusDriver(hub),
        tier,
        envelopes,
        ambient,
        log: log.with({ service: replica }),
      },
      // Further replicas stand beside the first, on whatever port is free.
      index === 0 ? settings.ffListen : { ...settings.ffListen, port: 0 },
      async (app) => void (await seeds.ff(app.nest.get(Dispatcher), ambient.clock.now())),
    );
    ends.add(() => ff.close());
    running.push(ff);
  }
  return running;
}
