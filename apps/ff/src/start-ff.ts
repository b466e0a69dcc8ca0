import { BusServer, connectBus, Relay } from '#libs/bus';
import { validators } from '#libs/contracts';
import { DenialRecorder } from '#libs/flags';
import { Gate } from '#libs/gate';
import { warnInRefusals } from '#libs/identity';
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
  const gate = app.nest.get(Gate);
  const server = new BusServer({
    driver: bus,
    validators: {
      'ptt.ff.invalidate': validators.pttFfInvalidateV1,
      approval_ttl_refresh: validators.approvalTtlRefreshV1,
    },
    report: new BusFaults(app.nest.get(Metrics), log),
  });
  server.on('break', () => gate.onSubscriptionBreak());
  server.on('restored', () => gate.onSubscriptionBreak());
  connectBus(app.nest, server);
  const close = async (): Promise<void> => {
    await app.drain();
    // While what was committed is still told of: the last denials belong on standard output too.
    await app.nest.get(DenialRecorder).flush();
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
