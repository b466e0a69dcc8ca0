import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn } from 'class-validator';
import { LIMITS } from '#libs/kernel';
import { AUDIT_ACTIONS, type AuditAction } from '../generated/actions.generated.ts';
import { IsAuditTargetId, IsCursor, IsId, IsInstant, IsWhole, MayBeAbsent } from './rules.ts';

function oneOf(words: readonly string[]): { readonly message: string } {
  return { message: `must be one of ${words.join(', ')}` };
}

/** Any list. Texts become numbers where the route says so (`validateQuery(…, { integers: ['limit'] })`), never here. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: LIMITS.pageSizeMax, default: LIMITS.pageSize })
  @MayBeAbsent()
  @IsWhole(1, LIMITS.pageSizeMax)
  readonly limit?: number;

  @ApiPropertyOptional({ description: 'next_cursor of the page before, as it was given' })
  @MayBeAbsent()
  @IsCursor()
  readonly cursor?: string;
}

const APPROVAL_STATES = ['pending', 'signed_partial', 'signed_full', 'rejected', 'withdrawn'] as const;

/** GET /api/policy/approvals; what is absent does not narrow. */
export class ApprovalsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: APPROVAL_STATES })
  @MayBeAbsent()
  @IsIn(APPROVAL_STATES, oneOf(APPROVAL_STATES))
  readonly state?: (typeof APPROVAL_STATES)[number];

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsId()
  readonly target_type?: string;

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsId()
  readonly target_id?: string;

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsId()
  readonly matrix_row?: string;
}

const OUTCOMES = ['accepted', 'refused'] as const;
const AUDIT_FORMATS = ['json', 'ndjson'] as const;

/** GET /api/audit; what is absent does not narrow. */
export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'The service, e.g. /ptt/ff' })
  @MayBeAbsent()
  @IsId()
  readonly source?: string;

  @ApiPropertyOptional({ enum: AUDIT_ACTIONS })
  @MayBeAbsent()
  @IsIn(AUDIT_ACTIONS, oneOf(AUDIT_ACTIONS))
  readonly action?: AuditAction;

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsId()
  readonly target_type?: string;

  @ApiPropertyOptional({ maxLength: LIMITS.auditTargetIdLength })
  @MayBeAbsent()
  @IsAuditTargetId()
  readonly target_id?: string;

  @ApiPropertyOptional({ description: "The actor's id" })
  @MayBeAbsent()
  @IsId()
  readonly actor?: string;

  @ApiPropertyOptional({ enum: OUTCOMES })
  @MayBeAbsent()
  @IsIn(OUTCOMES, oneOf(OUTCOMES))
  readonly outcome?: (typeof OUTCOMES)[number];

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsId()
  readonly tenant_id?: string;

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsId()
  readonly correlation_id?: string;

  @ApiPropertyOptional({ description: 'From that instant on', format: 'date-time' })
  @MayBeAbsent()
  @IsInstant()
  readonly from?: string;

  @ApiPropertyOptional({ description: 'Before that instant', format: 'date-time' })
  @MayBeAbsent()
  @IsInstant()
  readonly to?: string;

  @ApiPropertyOptional({ description: 'ndjson exports everything that matches', enum: AUDIT_FORMATS, default: 'json' })
  @MayBeAbsent()
  @IsIn(AUDIT_FORMATS, oneOf(AUDIT_FORMATS))
  readonly format?: (typeof AUDIT_FORMATS)[number];
}

const REGISTRY_FORMATS = ['ptt'] as const;

/** GET /v1/flags/registry/export. flagd's own format is not built yet. */
export class ExportQuery {
  @ApiPropertyOptional({ enum: REGISTRY_FORMATS, default: 'ptt' })
  @MayBeAbsent()
  @IsIn(REGISTRY_FORMATS, oneOf(REGISTRY_FORMATS))
  readonly format?: (typeof REGISTRY_FORMATS)[number];
}

/** POST /v1/flags/registry/import. */
export class ImportQuery extends ExportQuery {
  @ApiPropertyOptional({ description: 'Shows the difference and changes nothing', type: 'boolean', default: false })
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  readonly dry_run?: boolean;

  @ApiPropertyOptional({ description: 'Removes the flags that the body leaves out', type: 'boolean', default: false })
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  readonly prune?: boolean;
}
