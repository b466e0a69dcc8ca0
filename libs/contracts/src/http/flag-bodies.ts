import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { LIMITS, type JsonObject } from '#libs/kernel';
import { IsAlone, IsFlagKey, IsId, IsInstant, IsText, IsValueUnlessVariant, MayBeAbsent } from './rules.ts';

/** PUT /v1/flags/override/…: exactly one of `value` and `variant`. */
export class OverrideBody {
  @ApiPropertyOptional({
    description: "One of the flag's values; either this or variant",
    oneOf: [
      { type: 'boolean' },
      { type: 'string' },
      { type: 'number' },
      { type: 'object', additionalProperties: true },
    ],
    example: true,
  })
  @IsValueUnlessVariant()
  readonly value?: boolean | string | number | JsonObject;

  @ApiPropertyOptional({
    description: 'The name of a variant; either this or value',
    maxLength: LIMITS.subjectIdLength,
  })
  @MayBeAbsent()
  @IsId()
  readonly variant?: string;

  @ApiProperty({ description: 'Why; it stands in the audit trail', maxLength: LIMITS.reasonLength, example: 'pilot' })
  @IsText()
  readonly reason!: string;

  @ApiPropertyOptional({ description: 'The first instant at which it no longer counts', format: 'date-time' })
  @MayBeAbsent()
  @IsInstant()
  readonly expires_at?: string;
}

const NAMESPACES = ['flag', 'override', 'evaluated', 'jwks'] as const;

/** POST /v1/cache/invalidate: everything, or one namespace, of all or of one flag, tenant or user. */
export class InvalidateBody {
  @ApiPropertyOptional({ description: 'All namespaces when absent', enum: NAMESPACES })
  @MayBeAbsent()
  @IsIn(NAMESPACES, { message: `must be one of ${NAMESPACES.join(', ')}` })
  readonly namespace?: (typeof NAMESPACES)[number];

  @ApiPropertyOptional({ description: 'A flag key', maxLength: LIMITS.flagKeyLength })
  @MayBeAbsent()
  @IsFlagKey()
  readonly flag?: string;

  @ApiPropertyOptional({ description: 'A tenant; not together with flag', maxLength: LIMITS.subjectIdLength })
  @MayBeAbsent()
  @IsAlone('flag')
  @IsId()
  readonly tenant?: string;

  @ApiPropertyOptional({ description: 'A user; not together with flag or tenant', maxLength: LIMITS.subjectIdLength })
  @MayBeAbsent()
  @IsAlone('flag', 'tenant')
  @IsId()
  readonly user?: string;
}
