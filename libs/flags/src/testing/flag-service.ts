import type { ChangeCommand, JsonObject, Origin } from '#libs/kernel';
import { FlagdTargeting } from '../adapters/flagd-targeting.ts';
import { DenialRecorder } from '../use-cases/denial-recorder.ts';
import { EvaluateFlag } from '../use-cases/evaluate-flag.ts';
import { EvaluateFlags } from '../use-cases/evaluate-flags.ts';
import { FlagEvaluator } from '../use-cases/flag-evaluator.ts';
import { ImportRegistry, ImportRegistryHandler } from '../use-cases/import-registry.ts';
import { type OverrideAnswer } from '../use-cases/override-answer.ts';
import { SetOverride, SetOverrideHandler } from '../use-cases/set-override.ts';
import type { OverrideKey } from '../domain/override.ts';
import type { Choice } from '../domain/set-override.ts';
import { FakeFacts, FakeGate, FakeMatrixRows } from './fakes.ts';
import { FlagMachine, type OpenFlagFiles } from './flag-machine.ts';
import { sampleOrigin, sampleRegistry } from './samples.ts';

/** FF's use cases over real stores on a fake disk, with a fake Admin behind the gate. */
export class FlagService {
  readonly gate = new FakeGate();
  readonly matrix = new FakeMatrixRows(['row-sensitive-override']);
  readonly facts = new FakeFacts();
  readonly denials: DenialRecorder;
  readonly evaluateFlag: EvaluateFlag;
  readonly evaluateFlags: EvaluateFlags;

  private constructor(
    readonly machine: FlagMachine,
    readonly files: OpenFlagFiles,
  ) {
    const { flags, overrides } = files;
    this.denials = new DenialRecorder(flags, machine.clock, machine.clock, machine.ids);
    const evaluator = new FlagEvaluator(overrides, new FlagdTargeting(), this.gate, this.denials, machine.clock);
    this.evaluateFlag = new EvaluateFlag(flags, evaluator, this.facts);
    this.evaluateFlags = new EvaluateFlags(flags, evaluator, this.facts);
  }

  static async open(machine = new FlagMachine()): Promise<FlagService> {
    return new FlagService(machine, await machine.open());
  }

  /** Imports on/off flags, each with the members that are stated. */
  async define(flags: Readonly<Record<string, JsonObject>>): Promise<void> {
    await this.import(sampleRegistry(flags));
  }

  async import(document: JsonObject): Promise<void> {
    const handler = new ImportRegistryHandler(this.files.flags, this.matrix, this.facts);
    await handler.execute(by(new ImportRegistry(document, false, false)));
  }

  set(key: OverrideKey, choice: Choice, expiresAt: string | null = null): Promise<OverrideAnswer> {
    return this.setting.execute(by(new SetOverride(key, choice, 'a trial', expiresAt, null)));
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
