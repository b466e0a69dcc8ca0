import { DAY_MS } from './samples.ts';
import type { Command, Happening } from './world.ts';

/** What was written down of one approval: the plain facts, in their order. */
interface Page {
  readonly place: string;
  readonly roles: readonly string[];
  readonly issuer: string;
  readonly issuedAt: number;
  deadline: number;
  revision: number;
  justification: string;
  editor: string | null;
  signatures: { revision: number; signer: string; role: string }[];
  end: 'withdrawn' | 'rejected' | null;
}

/** How long a row's approvals count at most, by hand. */
const USE_WITHIN: Readonly<Record<string, number>> = {
  'row-sensitive-override': 7 * DAY_MS,
  'row-dual-finance-legal': 2 * DAY_MS,
};
const ROLES: Readonly<Record<string, readonly string[]>> = {
  'row-sensitive-override': ['product_owner'],
  'row-dual-finance-legal': ['finance_gate', 'legal_gate'],
};

/**
 * The rules of approvals once more, as a clerk with a paper ledger would keep them: it shares no code with the
 * domain and stores no state, but derives every answer from what was written down.
 */
export class Ledger {
  readonly pages = new Map<string, Page>();

  /** What must come of a command: a state, or the code of a refusal. Writes it down when it is accepted. */
  expect(command: Command, at: number, newId: string | null): string {
    if (command.do === 'issue') return this.#issue(command, at, newId);
    const page = this.pages.get(command.id);
    if (page === undefined) return 'approval_not_found';
    const signed = this.#signed(page);
    if (command.do === 'sign') {
      const { by, role, seen } = command;
      if (!by.roles.includes(role)) return 'role_missing';
      if (page.signatures.some((s) => s.signer === by.id && s.role === role && s.revision === seen))
        return this.state(command.id);
      const refusal = this.#tooLate(page, seen, at);
      if (refusal !== null) return refusal;
      if (signed.length === page.roles.length) return 'approval_fully_signed';
      if (!page.roles.includes(role)) return 'role_not_required';
      if (page.issuer === by.id || page.editor === by.id) return 'self_sign_forbidden';
      if (signed.some((s) => s.signer === by.id)) return 'already_signed';
      if (signed.some((s) => s.role === role)) return 'role_already_signed';
      page.signatures.push({ revision: page.revision, signer: by.id, role });
      return this.state(command.id);
    }
    if (command.do === 'edit') {
      const refusal = this.#tooLate(page, command.seen, at);
      if (refusal !== null) return refusal;
      const justification = command.justification ?? page.justification;
      const deadline = command.sla_deadline ?? page.deadline;
      if (justification === page.justification && deadline === page.deadline) return this.state(command.id);
      if (deadline !== page.deadline && !this.#isAllowed(page.place, deadline, page.issuedAt, at))
        return 'deadline_invalid';
      page.justification = justification;
      page.deadline = deadline;
      page.revision += 1;
      page.editor = command.by.id;
      return 'pending';
    }
    if (command.do === 'reject') {
      if (!page.roles.some((role) => command.by.roles.includes(role))) return 'role_missing';
      const refusal = this.#tooLate(page, command.seen, at);
      if (refusal !== null) return refusal;
      if (signed.length === page.roles.length) return 'approval_fully_signed';
      if (page.issuer === command.by.id) return 'self_sign_forbidden';
      page.end = 'rejected';
      return 'rejected';
    }
    if (page.end !== null) return 'approval_closed';
    if (page.revision !== command.seen) return 'revision_conflict';
    page.end = 'withdrawn';
    return 'withdrawn';
  }

  /** Where an approval stands. */
  state(id: string): string {
    const page = this.pages.get(id);
    if (page === undefined) return 'unknown';
    if (page.end !== null) return page.end;
    const signed = this.#signed(page).length;
    if (signed === 0) return 'pending';
    return signed === page.roles.length ? 'signed_full' : 'signed_partial';
  }

  /** The ids of what counts for a place at that instant: signed by all, in time, not ended. */
  counting(place: string, at: number): readonly string[] {
    return [...this.pages].flatMap(([id, page]) =>
      page.place === place && this.state(id) === 'signed_full' && at < page.deadline ? [id] : [],
    );
  }

  open(place: string): readonly string[] {
    return [...this.pages].flatMap(([id, page]) => (page.place === place && page.end === null ? [id] : []));
  }

  #issue(command: Extract<Command, { do: 'issue' }>, at: number, newId: string | null): string {
    const { by, sla_deadline } = command;
    const place = placeText(command.place);
    const deadline = sla_deadline ?? at + (USE_WITHIN[command.place.matrix_row] ?? 0);
    if (!this.#isAllowed(place, deadline, at, at)) return 'deadline_invalid';
    const open = this.open(place);
    if (open.some((id) => at < (this.pages.get(id)?.deadline ?? 0))) return 'approval_already_open';
    for (const id of open) {
      const page = this.pages.get(id);
      if (page !== undefined) page.end = 'withdrawn';
    }
    const roles = ROLES[command.place.matrix_row] ?? [];
    this.pages.set(newId ?? '', {
      place,
      roles,
      issuer: by.id,
      issuedAt: at,
      deadline,
      revision: 1,
      justification: 'because',
      editor: null,
      signatures: [],
      end: null,
    });
    return 'pending';
  }

  #signed(page: Page): Page['signatures'] {
    return page.signatures.filter(({ revision }) => revision === page.revision);
  }

  #tooLate(page: Page, seen: number, at: number): string | null {
    if (page.end !== null) return 'approval_closed';
    if (at >= page.deadline) return 'approval_past_deadline';
    return page.revision === seen ? null : 'revision_conflict';
  }

  #isAllowed(place: string, deadline: number, issuedAt: number, at: number): boolean {
    const row = place.split(' ').at(-1) ?? '';
    return deadline > at && deadline <= issuedAt + (USE_WITHIN[row] ?? 0);
  }
}

export function placeText({
  target_type,
  target_id,
  matrix_row,
}: {
  target_type: string;
  target_id: string;
  matrix_row: string;
}): string {
  return `${target_type} ${target_id} ${matrix_row}`;
}

/** What a happening came to, in the ledger's words. */
export function resultOf({ after, refused }: Happening): string {
  return refused ?? after?.state ?? 'nothing';
}
