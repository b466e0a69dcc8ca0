import { BusServer, connectBus, Relay } from '#libs/bus';
import { validators } from '#libs/contracts';
import { ChangeListener, DenialRecorder } from '#libs/flags';
import { warnInRefusals } from '#libs/identity';
import type { Cancel } from '#libs/kernel';
import { BusFaults, createHttpApp, Metrics, urlOf, type HttpApp, type ListenAddress } from '#libs/platform';
import { FfModule, type FfParts } from './ff.module.ts';

/** A replica of FF that answers. */
export interface RunningFf {
  readonly url: string;
  readonly app: HttpApp;
  /** Lets requests under way end, then ends. The store belongs to whoever opened it. */
  close(): Promise<void>;
}

/** Makes a replica and listens. @throws PttError `port_in_use`, `config_invalid` */
export async function startFf(
  parts: FfParts,
  listen: ListenAddress,
  /** Runs before anything is answered: seeding. */
  prepare: (app: HttpApp) => Promise<void> = () => Promise.resolve(),
): Promise<RunningFf> {
  const { log, ambient, bus } = parts;
  const app = await createHttpApp(FfModule.with(parts), {
    log,
    ...ambient,
    docs: {
      title: 'PTT FF',
      description: 'Feature flags: definitions, overrides, and evaluation that explains itself.',
      version: '1',
    },
  });
  warnInRefusals(app.fastify, parts.tokens);
  const server = new BusServer({
    driver: bus,
    validators: {
      'ptt.ff.invalidate': validators.pttFfInvalidateV1,
      approval_ttl_refresh: validators.approvalTtlRefreshV1,
    },
    report: new BusFaults(app.nest.get(Metrics), log),
  });
  const listener = app.nest.get(ChangeListener);
  server.on('break', (channel) => listener.onBreak(channel));
  server.on('restored', (channel) => listener.onRestored(channel));
  connectBus(app.nest, server);
  // With no cache every request looks for itself.
  const endLooking = parts.tier !== null && parts.isRelay ? lookForEdits(parts) : () => undefined;
  const close = async (): Promise<void> => {
    endLooking();
    await app.drain();
    // While what was committed is still told of: the last denials belong on standard output too.
    await app.nest.get(DenialRecorder).flush();
    // As an edit does that is being taken up, by whoever began to.
    if (parts.isRelay) await parts.store.files.lookEnded();
    await app.close();
    await app.nest.get(Relay).close();
    await bus.close();
  };
  try {
    await app.nest.startAllMicroservices();
    const ready = await app.ready();
    // What was edited while no process ran, now that everybody listens who tells of it.
    await parts.store.files.look();
    await prepare(ready);
    return { url: urlOf(await app.listen(listen, 'PTT_FF_LISTEN')), app, close };
  } catch (error) {
    // What was begun must not keep the process alive.
    await close();
    throw error;
  }
}

/** Between two looks for what somebody else wrote into the store's files. */
const LOOK_MS = 250;

function lookForEdits({ ambient, store, log }: FfParts): Cancel {
  return ambient.scheduler.every(LOOK_MS, async () => {
    try {
      await store.files.look();
    } catch (err) {
      log.warn('the store’s files could not be looked at', { err });
    }
  });
}
