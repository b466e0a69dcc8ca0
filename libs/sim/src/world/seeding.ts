import { SeedFlags } from '#libs/flags';
import { type JsonObject, systemActor } from '#libs/kernel';
import type { FfReplica } from './ff-replica.ts';

/** The registry of an empty folder. */
export async function seedFlags(replica: FfReplica, registry: JsonObject): Promise<void> {
  const none = { tenant_overrides: [], user_overrides: [] };
  const origin = { actor: systemActor('seed'), trace: { correlationId: 'seed' } };
  await replica.execute(new SeedFlags(registry, none), origin);
}
