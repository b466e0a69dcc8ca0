import { expect, it } from '@jest/globals';
import { FakeDisk, settle } from '#libs/platform/testing';
import { FileMatrixSource } from './file-matrix-source.ts';

const PATH = '/data/admin/approval_matrix.json';
const matrixOf = (row: string): string =>
  JSON.stringify({
    rows: [{ row, required_roles: ['product_owner'], use_within: 'P1D', warn_before: 'PT1H', self_sign: false }],
  });

/** A disk whose reads are answered when the test says so. */
class SlowDisk extends FakeDisk {
  readonly held: (() => void)[] = [];
  isSlow = false;

  override async read(path: string): Promise<Uint8Array | null> {
    const bytes = await super.read(path);
    if (this.isSlow) await new Promise<void>((resolve) => this.held.push(resolve));
    return bytes;
  }
}

it('is the newest policy, whichever read of the file takes longer', async () => {
  const disk = new SlowDisk();
  await disk.mkdir('/data/admin');
  disk.edit(PATH, matrixOf('a'));
  const matrix = await FileMatrixSource.open({ disk, path: PATH, report: () => undefined });
  disk.isSlow = true;
  disk.edit(PATH, matrixOf('b'));
  const first = matrix.current();
  await settle();
  disk.isSlow = false;
  disk.edit(PATH, matrixOf('c'));
  const second = matrix.current();
  await settle();
  for (const release of disk.held) release();
  await Promise.all([first, second]);
  expect([...(await matrix.current()).keys()]).toEqual(['c']);
});
