import { BANNER, type GeneratedFile } from './files.ts';
import { objectIn, readContract } from './schema-files.ts';

/** The closed set of error codes: the kernel gets the codes, libs/contracts gets their HTTP face. */
export async function errorFiles(contractsFolder: URL): Promise<readonly GeneratedFile[]> {
  const contract = await readContract(contractsFolder, 'errors.json');
  const faces = objectIn(contract, 'codes');
  const codes = Object.keys(faces);
  return [
    {
      path: 'libs/kernel/src/error-codes.generated.ts',
      text: [
        '// Generated from contracts/errors.json by `npm run generate`; do not edit.',
        'export const ERROR_CODES = [',
        ...codes.map((code) => `  '${code}',`),
        '] as const;',
        '',
        'export type ErrorCode = (typeof ERROR_CODES)[number];',
        '',
      ].join('\n'),
    },
    {
      path: 'libs/contracts/src/generated/errors.generated.ts',
      text: [
        BANNER,
        "import type { ErrorCode } from '#libs/kernel';",
        '',
        "/** A problem's `type` is this and the code. */",
        `export const ERROR_TYPE_BASE = ${JSON.stringify(contract['type_base'])};`,
        '',
        '/** The HTTP face of each error code. */',
        'export const ERRORS: Readonly<Record<ErrorCode, { readonly status: number; readonly title: string }>> = {',
        ...codes.map((code) => {
          const { status, title } = objectIn(faces, code);
          return `  ${code}: { status: ${JSON.stringify(status)}, title: ${JSON.stringify(title)} },`;
        }),
        '};',
        '',
      ].join('\n'),
    },
  ];
}
