import type { AuditFilter } from '#libs/approvals';
import type { AuditQuery } from '#libs/contracts';
import { parseInstant, PttError, type Actor } from '#libs/kernel';

/**
 * What to look for. A token bound to tenants finds their records alone: those of other tenants, of users and of no
 * tenant are nothing to it.
 * @throws PttError `tenant_forbidden` where such a token asks for another tenant's
 */
export function filterOf(query: AuditQuery, { verified, tenants }: Pick<Actor, 'verified' | 'tenants'>): AuditFilter {
  const bound = verified ? tenants : null;
  if (bound !== null && query.tenant_id !== undefined && !bound.includes(query.tenant_id)) {
    throw new PttError('tenant_forbidden', {
      detail: `The token is bound to other tenants than ${JSON.stringify(query.tenant_id)}.`,
      pointer: '#/query/tenant_id',
    });
  }
  const { source, action, actor, outcome } = query;
  const from = query.from === undefined ? null : parseInstant(query.from);
  const to = query.to === undefined ? null : parseInstant(query.to);
  return {
    ...(source === undefined ? {} : { source }),
    ...(action === undefined ? {} : { action }),
    ...(actor === undefined ? {} : { actor }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(query.target_type === undefined ? {} : { targetType: query.target_type }),
    ...(query.target_id === undefined ? {} : { targetId: query.target_id }),
    ...(bound === null ? {} : { tenants: bound }),
    ...(query.tenant_id === undefined ? {} : { tenantId: query.tenant_id }),
    ...(query.correlation_id === undefined ? {} : { correlationId: query.correlation_id }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
}
