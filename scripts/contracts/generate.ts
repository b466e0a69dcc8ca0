import { errorFiles } from './errors.ts';
import type { GeneratedFile } from './files.ts';
import { actionsFile } from './actions.ts';
import { readinessFile } from './readiness.ts';
import { readSchemaFiles } from './schema-files.ts';
import { schemaFile } from './schemas.ts';
import { typeFiles } from './types.ts';

/** Everything that is made from contracts/, as it should stand in the checkout. */
export async function generateContracts(root: URL): Promise<readonly GeneratedFile[]> {
  const contracts = new URL('contracts/', root);
  const files = await readSchemaFiles(contracts);
  return [
    ...(await errorFiles(contracts)),
    await actionsFile(contracts),
    await readinessFile(contracts),
    ...(await typeFiles(files)),
    schemaFile(files),
  ];
}
