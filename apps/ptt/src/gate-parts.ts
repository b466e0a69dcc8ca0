import { join } from 'node:path';
import { ADMIN_FILES, openMatrix, type RunningAdmin } from '#apps/admin';
import type { FfParts } from '#apps/ff';
import { ApprovalCheck, FileApprovalStore } from '#libs/approvals';
import { HttpApprovalCheck, HttpMatrixRows, ModelledApprovalCheck } from '#libs/gate';
import { FileStore, logStoreNotices, NodeDisk, urlOf, type Ambient, type Log, type Settings } from '#libs/platform';
import type { Ends } from './ends.ts';
import type { Identities } from './identities.ts';

interface GateContext {
  readonly settings: Settings;
  readonly ambient: Ambient;
  readonly log: Log;
}

/** How FF asks whether an approval counts (`PTT_GATE`): a running Admin, or the same rule over Admin's files. */
export async function gateParts(
  context: GateContext,
  identities: Identities,
  admin: RunningAdmin,
  ends: Ends,
): Promise<Pick<FfParts, 'approvals' | 'matrixRows'>> {
  const { settings, ambient } = context;
  if (settings.gate === 'modelled') return modelled(context, ends);
  // With port 0 the settings cannot know where Admin is.
  const adminUrl = settings.adminUrl === urlOf(settings.adminListen) ? admin.url : settings.adminUrl;
  const serviceToken = identities.serviceToken();
  return {
    approvals: new HttpApprovalCheck(adminUrl, serviceToken),
    matrixRows: new HttpMatrixRows(adminUrl, serviceToken, ambient.scheduler),
  };
}

/** Reads Admin's folder and holds no lock: Admin writes it. */
async function modelled(
  { settings, ambient, log }: GateContext,
  ends: Ends,
): Promise<Pick<FfParts, 'approvals' | 'matrixRows'>> {
  const named = log.with({ service: 'gate' });
  const files = await FileStore.openReader({
    ...ADMIN_FILES,
    folder: join(settings.dataDir, 'admin'),
    disk: new NodeDisk(),
    report: logStoreNotices(named),
  });
  ends.add(() => files.close());
  const matrix = await openMatrix(settings.dataDir, named);
  const check = new ApprovalCheck(new FileApprovalStore(files, ambient.clock), matrix);
  return {
    // FF itself warns of claims that nobody checked; the rule in process has nothing to add to that.
    approvals: new ModelledApprovalCheck((checks, { actor, subjectToken }) =>
      check.check(checks, { approvalRef: subjectToken === null ? null : actor.approvalRef, isVerified: true }),
    ),
    matrixRows: {
      knows: async (row) => ((await matrix.current()).has(row) ? 'yes' : 'no'),
    },
  };
}
