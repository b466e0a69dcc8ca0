import type { Actor, ChangeCommand, JsonObject, JsonValue, Origin } from '#libs/kernel';
import { FlagdTargeting } from '../adapters/flagd-targeting.ts';
import { StoreInputs } from '../adapters/store-inputs.ts';
import type { FlagAnswer } from '../use-cases/answers.ts';
import { DenialRecorder } from '../use-cases/denial-recorder.ts';
import { EvaluateFlag } from '../use-cases/evaluate-flag.ts';
import { EvaluateFlags } from '../use-cases/evaluate-flags.ts';
import { FlagEvaluator, type Subject } from '../use-cases/flag-evaluator.ts';
import { type ImportAnswer, ImportRegistry, ImportRegistryHandler } from '../use-cases/import-registry.ts';
import { type OverrideAnswer } from '../use-cases/override-answer.ts';
import { ReasonCounts } from '../use-cases/reason-counts.ts';
import { type ReloadAnswer, ReloadRegistry, ReloadRegistryHandler } from '../use-cases/reload-registry.ts';
import { RemoveOverride, RemoveOverrideHandler } from '../use-cases/remove-override.ts';
import { SetOverride, SetOverrideHandler } from '../use-cases/set-override.ts';
import type { OverrideKey } from '../domain/override.ts';
import type { Choice } from '../domain/set-override.ts';
import type { FlagInputs } from '../ports/flag-inputs.ts';
import { FakeFacts, FakeGate, FakeMatrixRows } from './fakes.ts';
import { FlagMachine, type OpenFlagFiles } from './flag-machine.ts';
import { sampleAsker, sampleOrigin, sampleRegistry } from './samples.ts';

const NOBODY: Subject = { tenantId: null, userId: null, context: {} };

type MakeInputs = (machine: FlagMachine, files: OpenFlagFiles) => FlagInputs;

const uncached: MakeInputs = (_machine, { flags, overrides }) => new StoreInputs(flags, overrides);

/** FF's use cases over real stores on a fake disk, with a fake Admin behind the gate. */
export class FlagService {
  readonly gate = new FakeGate();
  readonly matrix = new FakeMatrixRows(['row-sensitive-override']);
  readonly facts = new FakeFacts();
  readonly reasons = new ReasonCounts();
  readonly denials: DenialRecorder;
  readonly evaluateFlag: EvaluateFlag;
  readonly evaluateFlags: EvaluateFlags;

  private constructor(
    readonly machine: FlagMachine,
    readonly files: OpenFlagFiles,
    makeInputs: MakeInputs,
  ) {
    const { flags } = files;
    this.denials = new DenialRecorder(flags, machine.clock, machine.clock, machine.ids);
    const evaluator = new FlagEvaluator(new FlagdTargeting(), this.gate, this.denials, machine.clock);
    const inputs = makeInputs(machine, files);
    this.evaluateFlag = new EvaluateFlag(inputs, evaluator, this.facts, this.reasons);
    this.evaluateFlags = new EvaluateFlags(flags, inputs, evaluator, this.facts, this.reasons);
  }

  /** @param inputs where evaluations read; the stores themselves when not given */
  static async open(machine = new FlagMachine(), inputs: MakeInputs = uncached): Promise<FlagService> {
    return new FlagService(machine, await machine.open(), inputs);
  }

  /** Imports on/off flags, each with the members that are stated. */
  async define(flags: Readonly<Record<string, JsonObject>>): Promise<void> {
    await this.import(sampleRegistry(flags));
  }

  import(document: JsonValue, { prune = false, dryRun = false } = {}): Promise<ImportAnswer> {
    const handler = new ImportRegistryHandler(this.files.flags, this.matrix, this.facts);
    return handler.execute(by(new ImportRegistry(document, prune, dryRun)));
  }

  reload(): Promise<ReloadAnswer> {
    const handler = new ReloadRegistryHandler(this.files.flags, this.matrix, this.facts);
    return handler.execute(by(new ReloadRegistry()));
  }

  set(key: OverrideKey, choice: Choice, expiresAt: string | null = null): Promise<OverrideAnswer> {
    return this.setting.execute(by(new SetOverride(key, choice, 'a trial', expiresAt, null)));
  }

  /** Sets an override to on, on behalf of a caller with what is stated of it. */
  setAs(key: OverrideKey, actor: Partial<Actor>): Promise<OverrideAnswer> {
    return this.setting.execute(by(new SetOverride(key, { value: true }, 'why', null, null), sampleOrigin(actor)));
  }

  remove(key: OverrideKey, ifMatch: number | null = null, actor: Partial<Actor> = {}): Promise<OverrideAnswer> {
    const handler = new RemoveOverrideHandler(this.files.overrides, this.files.flags, this.facts);
    return handler.execute(by(new RemoveOverride(key, ifMatch), sampleOrigin(actor)));
  }

  /** Evaluates one flag for nobody in particular, but for what is stated. */
  async ask(flagKey: string, stated: Partial<Subject> = {}, actor: Partial<Actor> = {}): Promise<FlagAnswer> {
    return this.evaluateFlag.execute(flagKey, { ...NOBODY, ...stated }, sampleAsker(actor));
  }

  /** Evaluates these flags, or all where null is given. */
  askAll(
    flagKeys: readonly string[] | null,
    stated: Partial<Subject> = {},
    actor: Partial<Actor> = {},
  ): ReturnType<EvaluateFlags['execute']> {
    return this.evaluateFlags.execute(flagKeys, { ...NOBODY, ...stated }, sampleAsker(actor));
  }

  /** The keys of all flags, in their order. */
  keys(): readonly string[] {
    return this.files.flags.list().map(({ key }) => key);
  }

  /** Lets the snapshots be written, as when nothing happens for a while. */
  idle(): Promise<void> {
    return this.machine.clock.advance(1_000);
  }

  get setting(): SetOverrideHandler {
    return new SetOverrideHandler(this.files.overrides, this.files.flags, this.facts);
  }

  close(): Promise<void> {
    return this.files.close();
  }
}

/** The command as it enters through `execute`. */
export function by<Command extends ChangeCommand<unknown>>(command: Command, origin: Origin = sampleOrigin()): Command {
  return command.actFor(origin);
}
