import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { LIMITS } from '#libs/kernel';
import { IsId, IsInstant, IsText, IsWhole, MayBeAbsent } from './rules.ts';

/** What an approval is for, or what is asked about: a target under a row of the matrix. POST /api/policy/preview. */
export class PreviewBody {
  @ApiProperty({ maxLength: LIMITS.subjectIdLength, example: 'feature_flag' })
  @IsId()
  readonly target_type!: string;

  @ApiProperty({ maxLength: LIMITS.subjectIdLength, example: 'ff.cm.advanced_policy' })
  @IsId()
  readonly target_id!: string;

  @ApiProperty({ maxLength: LIMITS.subjectIdLength, example: 'row-sensitive-override' })
  @IsId()
  readonly matrix_row!: string;
}

/** POST /api/policy/approvals. */
export class IssueBody extends PreviewBody {
  @ApiProperty({ description: 'Why; the signers read it', maxLength: LIMITS.reasonLength })
  @IsText()
  readonly justification!: string;

  @ApiPropertyOptional({
    description:
      'The first instant at which it can be neither signed nor used; at most what the row allows, and that when absent',
    format: 'date-time',
  })
  @MayBeAbsent()
  @IsInstant()
  readonly sla_deadline?: string;
}

class RevisionBody {
  @ApiProperty({ description: 'The revision that you saw; another one is refused', type: 'integer', minimum: 1 })
  @IsWhole(1)
  readonly revision!: number;
}

/** PATCH /api/policy/approvals/{id}. What is absent stays. */
export class EditBody extends RevisionBody {
  @ApiPropertyOptional({ maxLength: LIMITS.reasonLength })
  @MayBeAbsent()
  @IsText()
  readonly justification?: string;

  @ApiPropertyOptional({ format: 'date-time' })
  @MayBeAbsent()
  @IsInstant()
  readonly sla_deadline?: string;
}

/** POST /api/policy/approvals/{id}/sign. */
export class SignBody extends RevisionBody {
  @ApiProperty({ description: 'One of the required roles, which the token must hold', example: 'product_owner' })
  @IsId()
  readonly role!: string;

  @ApiPropertyOptional({ maxLength: LIMITS.reasonLength })
  @MayBeAbsent()
  @IsText()
  readonly comment?: string;
}

class EndingBody extends RevisionBody {
  @ApiProperty({ description: 'Why; it stands in the audit trail', maxLength: LIMITS.reasonLength })
  @IsText()
  readonly reason!: string;
}

/** POST /api/policy/approvals/{id}/reject. */
export class RejectBody extends EndingBody {}

/** POST /api/policy/approvals/{id}/withdraw. */
export class WithdrawBody extends EndingBody {}
