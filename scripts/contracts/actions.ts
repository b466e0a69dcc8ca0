import { readFile } from 'node:fs/promises';
import { BANNER, type GeneratedFile } from './files.ts';

interface ActionsContract {
  readonly actions: Readonly<Record<string, string>>;
}

/** The closed set of audit actions, as a type. */
export async function actionsFile(contractsFolder: URL): Promise<GeneratedFile> {
  const text = await readFile(new URL('audit/actions.json', contractsFolder), 'utf8');
  const contract: ActionsContract = JSON.parse(text);
  return {
    path: 'libs/contracts/src/generated/actions.generated.ts',
    text: [
      BANNER,
      '/** Every action that an audit record can name. */',
      'export const AUDIT_ACTIONS = [',
      ...Object.keys(contract.actions).map((action) => `  '${action}',`),
      '] as const;',
      '',
      'export type AuditAction = (typeof AUDIT_ACTIONS)[number];',
      '',
    ].join('\n'),
  };
}
