import { errorFiles } from './errors.ts';
import type { GeneratedFile } from './files.ts';

/** Everything that is made from contracts/, as it should stand in the checkout. */
export async function generateContracts(root: URL): Promise<readonly GeneratedFile[]> {
  const contracts = new URL('contracts/', root);
  return [...(await errorFiles(contracts))];
}
