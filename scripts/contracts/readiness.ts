import { invariant } from '#libs/kernel';
import { BANNER, type GeneratedFile } from './files.ts';
import { objectIn, readContract } from './schema-files.ts';

/** The readiness checks and the layers' stages, for whoever serves them. */
export async function readinessFile(contractsFolder: URL): Promise<GeneratedFile> {
  const contract = await readContract(contractsFolder, 'cutover_readiness_notes.json');
  const { checks } = contract;
  invariant(Array.isArray(checks), 'checks is a list');
  return {
    path: 'libs/contracts/src/generated/readiness.generated.ts',
    text: [
      BANNER,
      "import type { CutoverCheck } from './types.generated.ts';",
      '',
      '/** A readiness check as the contract describes it, before anything was seen. */',
      "export type ReadinessCheck = Omit<CutoverCheck, 'status'>;",
      '',
      '/** All 28, A1 to F3. */',
      'export const READINESS_CHECKS: readonly ReadinessCheck[] = [',
      ...checks.map((check) => `  ${JSON.stringify(check)},`),
      '];',
      '',
      "/** Each layer's stages, in order; the first is where it starts. */",
      `export const CUTOVER_STAGES = ${JSON.stringify(objectIn(contract, 'layers'))} as const;`,
      '',
    ].join('\n'),
  };
}
