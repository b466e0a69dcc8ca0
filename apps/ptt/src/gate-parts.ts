import type { RunningAdmin } from '#apps/admin';
import type { FfParts } from '#apps/ff';
import { ApprovalCheck, MatrixSource } from '#libs/approvals';
import { HttpApprovalCheck, HttpMatrixRows, ModelledApprovalCheck } from '#libs/gate';
import { urlOf, type Ambient, type Settings } from '#libs/platform';
import type { Identities } from './identities.ts';

type GateParts = Pick<FfParts, 'approvals' | 'matrixRows'>;

/** How FF asks whether an approval counts (`PTT_GATE`): Admin over HTTP, or Admin's own rule in this process. */
export function gateParts(
  { settings, ambient }: { readonly settings: Settings; readonly ambient: Ambient },
  identities: Identities,
  admin: RunningAdmin,
): GateParts {
  if (settings.gate === 'modelled') return modelled(admin);
  // With port 0 the settings cannot know where Admin is.
  const adminUrl = settings.adminUrl === urlOf(settings.adminListen) ? admin.url : settings.adminUrl;
  const serviceToken = identities.serviceToken();
  return {
    approvals: new HttpApprovalCheck(adminUrl, serviceToken),
    matrixRows: new HttpMatrixRows(adminUrl, serviceToken, ambient.scheduler),
  };
}

/** The very check that Admin's route answers by: it looks for edits first, and sees only what is safely on disk. */
function modelled({ app }: RunningAdmin): GateParts {
  const check = app.nest.get(ApprovalCheck);
  const matrix = app.nest.get(MatrixSource);
  return {
    // FF itself warns of claims that nobody checked; the rule in process has nothing to add to that.
    approvals: new ModelledApprovalCheck((checks, { actor, subjectToken }) =>
      check.check(checks, { approvalRef: subjectToken === null ? null : actor.approvalRef, isVerified: true }),
    ),
    matrixRows: {
      rows: async () => new Set((await matrix.current()).keys()),
    },
  };
}
