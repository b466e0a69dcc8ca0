import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/kernel';
import { FlagService } from '../testing/flag-service.ts';
import { sampleRegistry } from '../testing/samples.ts';

const UNKNOWN_ROW = { requires_approval: true, approval_matrix_row: 'row-unknown' };

let service: FlagService;
beforeEach(async () => {
  service = await FlagService.open();
});
afterEach(() => service.close());

describe('flags under a row that Admin does not have', () => {
  /** Puts this registry into the file, as an editor would. */
  const edit = async (flags: Readonly<Record<string, JsonObject>>): Promise<void> => {
    await service.define({ 'ff.a': {} });
    await service.idle();
    await service.machine.edit('registry.json', sampleRegistry(flags));
  };

  it('are a fault of the file that a reload finds, which then changes nothing', async () => {
    await edit({ 'ff.b': UNKNOWN_ROW, 'ff.c': {} });
    await expect(service.reload()).rejects.toMatchObject({
      code: 'registry_invalid',
      message: expect.stringContaining(
        'no row "row-unknown". The file was set aside as registry.json.rejected-1; nothing was changed.',
      ),
      faults: [
        { pointer: '/flags/ff.b/approval_matrix_row', detail: expect.stringContaining('no row "row-unknown" (line 1') },
      ],
    });
    expect(service.keys()).toEqual(['ff.a']);
    expect(service.files.actions()).toEqual(['registry.imported']);
    await expect(service.reload()).resolves.toMatchObject({ flags: 1 });
  });

  it('are refused by a reload that joins a look under way', async () => {
    await edit({ 'ff.b': UNKNOWN_ROW });
    const look = service.files.flags.look();
    await expect(service.reload()).rejects.toMatchObject({ code: 'registry_invalid' });
    await look;
    expect(service.keys()).toEqual(['ff.a']);
  });

  it('are taken up by any other look, and by a reload while Admin is out of reach: they are denied', async () => {
    await edit({ 'ff.b': UNKNOWN_ROW });
    service.matrix.isReachable = false;
    await expect(service.reload()).resolves.toMatchObject({ flags: 1 });
    expect(service.keys()).toEqual(['ff.b']);
    await service.idle();
    await service.machine.edit('registry.json', sampleRegistry({ 'ff.c': UNKNOWN_ROW }));
    await service.files.flags.look();
    expect(service.keys()).toEqual(['ff.c']);
  });

  it('are said to be served and denied where they were there before the reload, which changes nothing', async () => {
    await edit({ 'ff.b': UNKNOWN_ROW });
    await service.files.flags.look();
    const lines = service.files.lines.length;
    await expect(service.reload()).rejects.toMatchObject({
      code: 'matrix_row_unknown',
      pointer: '/flags/ff.b/approval_matrix_row',
      message: expect.stringContaining('They are in the registry already, and denied; nothing was changed.'),
    });
    expect(service.files.lines).toHaveLength(lines);
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
