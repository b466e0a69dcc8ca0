import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type Flag, isGated, isOutOfService, valueOf } from '../domain/flag.ts';
import { FlagStore } from '../ports/flag-store.ts';

/** Which runtime shows a surface, what gates it today, and what its flag would say. */
export interface RolloutSurface {
  readonly flag_key: string;
  readonly runtime: string;
  readonly current_gate: string;
  /** What everybody gets for whom nothing else is said; false while the flag is disabled or archived. */
  readonly default_on: boolean;
  readonly gated: boolean;
  readonly flag_version: number;
}

/** The rollout visibility of every flag that stands for a surface. */
export class RolloutSurfaces extends Query<{ readonly surfaces: readonly RolloutSurface[] }> {}

@QueryHandler(RolloutSurfaces)
export class RolloutSurfacesHandler implements IQueryHandler<
  RolloutSurfaces,
  { readonly surfaces: readonly RolloutSurface[] }
> {
  constructor(private readonly flags: FlagStore) {}

  async execute(): Promise<{ readonly surfaces: readonly RolloutSurface[] }> {
    await this.flags.look();
    return { surfaces: (await this.flags.list()).flatMap((flag) => surfaceOf(flag) ?? []) };
  }
}

function surfaceOf(flag: Flag): RolloutSurface | null {
  if (flag.surface === null) return null;
  return {
    flag_key: flag.key,
    ...flag.surface,
    default_on: !isOutOfService(flag) && valueOf(flag, flag.defaultVariant) === true,
    gated: isGated(flag),
    flag_version: flag.version,
  };
}
