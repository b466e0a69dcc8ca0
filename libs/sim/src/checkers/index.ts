import type { World } from '../run/world.ts';
import type { Checker, Report } from './checker.ts';
import { ApprovalRules } from './approval-rules.ts';
import { HardTtl } from './i01-hard-ttl.ts';
import { NoOlderThanHeard } from './i02-no-older-than-heard.ts';
import { NeverBack } from './i03-never-back.ts';
import { OneLoad } from './i04-one-load.ts';
import { AfterHealing } from './i05-after-healing.ts';
import { OneRecord } from './i06-one-record.ts';
import { TakesEffect } from './i07-takes-effect.ts';
import { EveryReadEnds } from './i08-every-read-ends.ts';
import { PrecedenceHolds } from './i09-precedence.ts';
import { Keys } from './i10-keys.ts';
import { GatedByApproval } from './i11-gate.ts';
import { SameInEveryBacking } from './i12-backings.ts';

const CHECKERS: readonly (new (world: World, report: Report) => Checker)[] = [
  HardTtl,
  NoOlderThanHeard,
  NeverBack,
  OneLoad,
  AfterHealing,
  // Before the records: a row that breaks a rule is mostly not what its record says either, and the rule says why.
  ApprovalRules,
  OneRecord,
  TakesEffect,
  EveryReadEnds,
  PrecedenceHolds,
  Keys,
  GatedByApproval,
  SameInEveryBacking,
];

/** Every promise that there is, held against one world. */
export function checkersOf(world: World, report: Report): readonly Checker[] {
  return CHECKERS.map((make) => new make(world, report));
}

export { Checker, type Violation } from './checker.ts';
