import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { validators, type OverrideExamples } from '#libs/contracts';
import type { RunningPlane } from './running-plane.ts';

type TenantOverride = OverrideExamples['tenant_overrides'][number];

/** Edits the tenant overrides of a running plane's file as a person would: read, change, save. */
export async function editOverrides(
  { dataDir }: Pick<RunningPlane, 'dataDir'>,
  edit: (overrides: readonly TenantOverride[]) => readonly TenantOverride[],
): Promise<void> {
  const path = join(dataDir, 'ff', 'override_examples.json');
  const document: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!validators.overrideExamples(document))
    throw new Error(JSON.stringify(validators.overrideExamples.faultsOf(document)));
  await writeFile(path, JSON.stringify({ ...document, tenant_overrides: edit(document.tenant_overrides) }));
}
