import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { JsonObject } from '#libs/kernel';
import { registryDocument } from '../domain/registry-document.ts';
import { FlagStore } from '../ports/flag-store.ts';

/** The whole registry as a document that an import takes back; a flagd tool can read its `flags`. */
export class ExportRegistry extends Query<{ readonly flags: JsonObject }> {}

@QueryHandler(ExportRegistry)
export class ExportRegistryHandler implements IQueryHandler<ExportRegistry, { readonly flags: JsonObject }> {
  constructor(private readonly flags: FlagStore) {}

  async execute(): Promise<{ readonly flags: JsonObject }> {
    await this.flags.look();
    return registryDocument(await this.flags.list());
  }
}
