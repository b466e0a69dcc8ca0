import { beforeEach, describe, expect, it } from '@jest/globals';
import { PttError } from '#libs/kernel';
import { ApprovalMachine } from '../testing/approval-machine.ts';
import { FileMatrixSource } from './file-matrix-source.ts';

const row = (name: string): unknown => ({
  row: name,
  required_roles: ['product_owner'],
  use_within: 'P1D',
  warn_before: 'PT1H',
  self_sign: false,
});

describe('the matrix in a file', () => {
  let machine: ApprovalMachine;
  let faults: unknown[];
  const open = (): Promise<FileMatrixSource> =>
    FileMatrixSource.open({
      disk: machine.disk,
      path: `${machine.folder}/approval_matrix.json`,
      report: (fault) => void faults.push(fault instanceof PttError ? fault.code : fault),
    });
  const write = (...rows: readonly unknown[]): Promise<void> =>
    machine.write('approval_matrix.json', JSON.stringify({ rows }));
  const rowsOf = async (matrix: FileMatrixSource): Promise<readonly string[]> => [...(await matrix.current()).keys()];

  beforeEach(async () => {
    machine = new ApprovalMachine();
    faults = [];
    await machine.disk.mkdir(machine.folder);
  });

  it('is read once and again after each edit', async () => {
    await write(row('a'));
    const matrix = await open();
    expect(await rowsOf(matrix)).toEqual(['a']);
    expect(await matrix.current()).toBe(await matrix.current());
    await write(row('a'), row('b'));
    expect(await Promise.all([rowsOf(matrix), rowsOf(matrix)])).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('stays as it was when it is spoilt, and says so once', async () => {
    await write(row('a'));
    const matrix = await open();
    await machine.write('approval_matrix.json', '{"rows": [');
    expect(await rowsOf(matrix)).toEqual(['a']);
    expect(await rowsOf(matrix)).toEqual(['a']);
    expect(faults).toEqual(['config_invalid']);
    await write(row(''));
    expect(await rowsOf(matrix)).toEqual(['a']);
    expect(faults).toEqual(['config_invalid', 'config_invalid']);
    await machine.disk.unlink(`${machine.folder}/approval_matrix.json`);
    expect(await rowsOf(matrix)).toEqual(['a']);
    await write(row('c'));
    expect(await rowsOf(matrix)).toEqual(['c']);
    expect(faults).toHaveLength(3);
  });

  it('names the line and the column of each fault', async () => {
    await machine.write('approval_matrix.json', '{\n  "rows": [\n    {"row": 7}\n  ]\n}');
    await expect(open()).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('approval_matrix.json does not hold; line 3, column 13: '),
      faults: expect.arrayContaining([
        expect.objectContaining({ pointer: '/rows/0/row', detail: expect.stringMatching(/^line 3, column 13: /) }),
        expect.objectContaining({
          pointer: '/rows/0/use_within',
          detail: expect.stringMatching(/^line 3, column 5: /),
        }),
      ]),
    });
    await machine.write('approval_matrix.json', '{\n  "rows": [,]\n}');
    await expect(open()).rejects.toThrow('approval_matrix.json does not hold; line 2, column 12: The file is not JSON');
    await machine.write('approval_matrix.json', '['.repeat(100_000));
    await expect(open()).rejects.toThrow('approval_matrix.json does not hold; line 1, column 1: ');
  });

  it.each([
    ['is not there', null],
    ['is no JSON', 'rows'],
    ['does not hold', '{"rows": [{}]}'],
  ])('lets nothing start when it %s', async (_what, text) => {
    if (text !== null) await machine.write('approval_matrix.json', text);
    await expect(open()).rejects.toMatchObject({ code: 'config_invalid' });
  });
});
