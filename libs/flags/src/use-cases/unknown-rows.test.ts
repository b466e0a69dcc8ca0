import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { by, FlagService } from '../testing/flag-service.ts';
import { sampleRegistry } from '../testing/samples.ts';
import { ReloadRegistry, ReloadRegistryHandler } from './reload-registry.ts';

const UNKNOWN_ROW = { requires_approval: true, approval_matrix_row: 'row-unknown' };

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
});
afterEach(() => service.close());

describe('flags under a row that Admin does not have', () => {
  it('are said to be served and denied where a reload has taken them up', async () => {
    await service.define({ 'ff.a': {} });
    await service.machine.clock.advance(1_000);
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.b': UNKNOWN_ROW }));
    const { flags } = service.files;
    const reload = new ReloadRegistryHandler(flags, service.matrix, service.facts);
    await expect(reload.execute(by(new ReloadRegistry()))).rejects.toMatchObject({
      code: 'matrix_row_unknown',
      pointer: '/flags/ff.b/approval_matrix_row',
      message: expect.stringMatching(/The registry was read and is served as it stands, and these flags are denied\./u),
    });
    expect(flags.list().map(({ key }) => key)).toEqual(['ff.b']);
  });

  it('are told by one question to Admin, and by none where no flag is gated', async () => {
    const other = { ...UNKNOWN_ROW, approval_matrix_row: 'row-other' };
    const known = { ...UNKNOWN_ROW, approval_matrix_row: 'row-sensitive-override' };
    await expect(service.define({ 'ff.a': UNKNOWN_ROW, 'ff.b': other, 'ff.c': known })).rejects.toMatchObject({
      faults: [{ pointer: '/flags/ff.a/approval_matrix_row' }, { pointer: '/flags/ff.b/approval_matrix_row' }],
    });
    expect(service.matrix.asked).toBe(1);
    await service.define({ 'ff.a': {} });
    expect(service.matrix.asked).toBe(1);
  });

  it('are said to have changed nothing where an import is refused', async () => {
    await expect(service.define({ 'ff.b': UNKNOWN_ROW })).rejects.toMatchObject({
      code: 'matrix_row_unknown',
      message: expect.stringMatching(/Nothing was changed\.$/u),
    });
    expect(service.files.flags.list()).toEqual([]);
  });
});
