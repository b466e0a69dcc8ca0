import { Relay } from '#libs/bus';
import { warnInRefusals } from '#libs/identity';
import { createHttpApp, urlOf, type HttpApp, type ListenAddress } from '#libs/platform';
import { AdminModule, type AdminParts } from './admin.module.ts';

/** An Admin that answers. */
export interface RunningAdmin {
  readonly url: string;
  readonly app: HttpApp;
  /** Lets requests under way end, then ends. The store belongs to whoever opened it. */
  close(): Promise<void>;
}

/** Makes Admin and listens. @throws PttError `port_in_use`, `config_invalid` */
export async function startAdmin(
  parts: AdminParts,
  listen: ListenAddress,
  /** Runs before anything is answered: seeding. */
  prepare: (app: HttpApp) => Promise<void> = () => Promise.resolve(),
): Promise<RunningAdmin> {
  const app = await createHttpApp(AdminModule.with(parts), {
    log: parts.log,
    ...parts.ambient,
    docs: {
      title: 'PTT Admin',
      description: 'Approvals: who must sign what, by when, and whether an approval still counts right now.',
      version: '1',
    },
  });
  warnInRefusals(app.fastify, parts.tokens);
  const close = async (): Promise<void> => {
    await app.close();
    await app.nest.get(Relay).close();
    await parts.bus.close();
  };
  try {
    const ready = await app.ready();
    // What was edited while no process ran, now that everybody listens who tells of it.
    await parts.store.files.look();
    await prepare(ready);
    return { url: urlOf(await app.listen(listen, 'PTT_ADMIN_LISTEN')), app, close };
  } catch (error) {
    // What was begun must not keep the process alive.
    await close();
    throw error;
  }
}
