import { isRecord, parseJsonObject, PttError } from '#libs/kernel';
import { type Fault, FAULT_KINDS, type FaultKind } from '../faults/kinds.ts';
import type { Failure } from './outcome.ts';
import { type SeedSpec, STANDARD } from './spec.ts';

/** The one version of these files. */
const VERSION = 1;
const MOST_REPLICAS = 8;

/** A seed that once failed, with what was found: it is run again for ever. */
export interface KeptSeed {
  readonly spec: SeedSpec;
  /** The promise that it broke. */
  readonly invariant: string;
  /** When and where: a commit, a day. */
  readonly found: string;
  readonly what: string;
}

/** @throws PttError `usage`, naming the file, the member and what is allowed */
export function parseKeptSeed(text: string, file: string): KeptSeed {
  const refuse = (detail: string): never => {
    throw new PttError('usage', { detail: `${file}: ${detail}` });
  };
  const read = parseJsonObject(text) ?? refuse('It is no JSON object.');
  if (read['version'] !== VERSION) {
    refuse(`/version is ${JSON.stringify(read['version'])}; only ${VERSION} is allowed.`);
  }
  const unknown = Object.keys(read).filter((name) => !MEMBERS.includes(name));
  if (unknown.length > 0) refuse(`There is no ${unknown.join(', ')}; allowed are ${MEMBERS.join(', ')}.`);
  const wholeIn = (name: string, from: number, to: number): number => {
    const value = read[name];
    return isWholeIn(value, from, to) ? value : refuse(`/${name} has to be a whole number from ${from} to ${to}.`);
  };
  const textIn = (name: string): string => {
    const value = read[name];
    return typeof value === 'string' && value !== '' ? value : refuse(`/${name} has to be a text.`);
  };
  const spec: SeedSpec = {
    seed: wholeIn('seed', 0, MOST_SEED),
    replicas: wholeIn('replicas', 1, MOST_REPLICAS),
    faults: faultsIn(read['faults']) ?? refuse(`/faults has to be swarm, none or a list of ${FAULT_KINDS.join(', ')}.`),
    forMs: STANDARD.forMs,
    mode: 'safety',
    bug: null,
    plan: read['plan'] === undefined ? null : (planIn(read['plan']) ?? refuse(`/plan has to be a list of ${FAULT}.`)),
  };
  return { spec, invariant: textIn('invariant'), found: textIn('found'), what: textIn('what') };
}

/** The file that keeps a failure. */
export function keptSeedText(
  { seed, replicas, faults, plan }: SeedSpec,
  failure: Failure,
  found: string,
): Record<string, unknown> {
  const [what] = failure.detail.split('\n', 1);
  return {
    version: VERSION,
    seed,
    replicas,
    faults,
    ...(plan === null ? {} : { plan }),
    invariant: failure.invariant,
    found,
    what,
  };
}

/** The chance of a world takes 32 bits: a larger seed would be another one's twin. */
export const MOST_SEED = 0xffff_ffff;
const MEMBERS = ['version', 'seed', 'replicas', 'faults', 'plan', 'invariant', 'found', 'what'];
const FAULT = '{"kind", "at", "forMs", "target", "size"}';

function isWholeIn(value: unknown, from: number, to: number): value is number {
  return Number.isInteger(value) && Number(value) >= from && Number(value) <= to;
}

export function isFaultKind(name: unknown): name is FaultKind {
  return FAULT_KINDS.some((kind) => kind === name);
}

function faultsIn(value: unknown): SeedSpec['faults'] | null {
  if (value === 'swarm' || value === 'none') return value;
  if (!Array.isArray(value)) return null;
  const kinds: readonly unknown[] = value;
  return kinds.every(isFaultKind) ? kinds : null;
}

/** A plan of faults; null for anything else. */
export function planIn(value: unknown): readonly Fault[] | null {
  if (!Array.isArray(value)) return null;
  const faults: readonly unknown[] = value;
  return faults.every(isFault) ? faults : null;
}

function isFault(value: unknown): value is Fault {
  if (!isRecord(value) || !isFaultKind(value['kind'])) return false;
  return (
    Number.isInteger(value['target']) &&
    ['at', 'forMs', 'target', 'size'].every((name) => {
      const number = value[name];
      return typeof number === 'number' && number >= 0 && Number.isFinite(number);
    })
  );
}
