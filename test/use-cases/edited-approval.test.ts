import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contentHash } from '#libs/approvals';
import { isJsonArray, isJsonObject, parseInstant, parseJson, type JsonObject } from '#libs/kernel';
import { textOf } from '../support/caller.ts';
import { RunningPlane } from '../support/running-plane.ts';

const FLAG = 'ff.cm.advanced_policy';

/** Adds an approval to Admin's file as a person would in today's deployment: a pending one, for that flag. */
async function addPending({ dataDir }: RunningPlane): Promise<void> {
  const path = join(dataDir, 'admin', 'approval_examples.json');
  const document = parseJson(await readFile(path, 'utf8'));
  const approvals = isJsonObject(document) ? document['approvals'] : undefined;
  if (!isJsonObject(document) || !isJsonArray(approvals)) throw new Error('the file holds approvals');
  const [template] = approvals;
  if (!isJsonObject(template)) throw new Error('the file holds an approval');
  const added: JsonObject = {
    ...template,
    id: 'APP-200001-by-hand',
    target_id: FLAG,
    state: 'pending',
    issued_by: 'foreign_edit',
    signatures: [],
    content_hash: contentHash({
      target_type: 'feature_flag',
      target_id: FLAG,
      matrix_row: textOf(template['matrix_row']),
      justification: textOf(template['justification']),
      sla_deadline: parseInstant(textOf(template['sla_deadline'])),
    }),
  };
  await writeFile(path, JSON.stringify({ ...document, approvals: [...approvals, added] }));
}

describe('an approval added to the file by hand, in profile 2b', () => {
  it('counts at the next evaluation, with nobody having called Admin', async () => {
    const first = await RunningPlane.start({ env: { PTT_PROFILE: '2b' } });
    // Closing writes the snapshots that otherwise follow behind.
    await first.plane.close();
    const plane = await RunningPlane.start({ env: { PTT_PROFILE: '2b' }, dataDir: first.dataDir });
    const ff = await plane.ff(null);
    const evaluate = () => ff.post('/v1/flags/evaluate', { flag_key: FLAG });
    expect(await evaluate()).toMatchObject({ body: { enabled: false, reason: 'approval_missing' } });
    await addPending(plane);
    expect(await evaluate()).toMatchObject({
      body: { enabled: false, reason: 'approval_pending', meta: { approval_ref: 'APP-200001-by-hand' } },
    });
    await plane.close();
    await first.close();
  });
});
