import { BANNER, type GeneratedFile } from './files.ts';
import { objectIn, readContract } from './schema-files.ts';

/** The closed set of audit actions, as a type. */
export async function actionsFile(contractsFolder: URL): Promise<GeneratedFile> {
  const actions = objectIn(await readContract(contractsFolder, 'audit/actions.json'), 'actions');
  return {
    path: 'libs/contracts/src/generated/actions.generated.ts',
    text: [
      BANNER,
      '/** Every action that an audit record can name. */',
      'export const AUDIT_ACTIONS = [',
      ...Object.keys(actions).map((action) => `  '${action}',`),
      '] as const;',
      '',
      'export type AuditAction = (typeof AUDIT_ACTIONS)[number];',
      '',
    ].join('\n'),
  };
}
