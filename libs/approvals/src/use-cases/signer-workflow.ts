import { type Actor, PttError } from '#libs/kernel';
import { type Person, isId } from '../domain/index.ts';

/** Whether approvals can be changed at all (`PTT_SIGNING`), and by whom. */
export class SignerWorkflow {
  constructor(readonly mode: 'on' | 'read-only') {}

  /**
   * Lets a signer call in: issue, sign, edit, reject, withdraw.
   * @throws PttError `signer_workflow_deferred` first, then `verification_required` for claims that nobody checked.
   */
  admit(actor: Actor): Person {
    if (this.mode === 'read-only') {
      throw new PttError('signer_workflow_deferred', {
        detail: 'Approvals are read-only here (PTT_SIGNING=read-only); the signer workflow comes with a later phase.',
      });
    }
    requireVerified(actor);
    return { id: actor.id, roles: actor.roles };
  }
}

/** @throws PttError `verification_required` for claims that were read and not checked. */
export function requireVerified(actor: Actor): void {
  if (!actor.verified) {
    throw new PttError('verification_required', {
      detail: 'This call needs a verified token; here tokens are only decoded (ADMIN_VERIFY_MODE=decode-only).',
    });
  }
  // Who signs stands in the approval for good, where a longer or unprintable name could not be read back.
  if (!isId(actor.id)) {
    throw new PttError('token_invalid', {
      detail: "The token's sub must have 1 to 256 characters and no control characters.",
    });
  }
}
