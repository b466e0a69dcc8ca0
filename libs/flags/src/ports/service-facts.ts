/** What this replica says of itself in its answers. */
export abstract class ServiceFacts {
  abstract readonly replica: string;
  abstract readonly verification: 'verified' | 'decode-only';
  abstract readonly backingState: 'file_backed' | 'db_backed';

  /** What every answer must warn of. */
  get warnings(): readonly string[] {
    return this.verification === 'verified' ? [] : ['auth_not_verified'];
  }

  /** What the answer to a change of an override must warn of: on files it is seen by this process alone. */
  get changeWarnings(): readonly string[] {
    return this.backingState === 'file_backed' ? ['file_backed_not_replicated', ...this.warnings] : this.warnings;
  }
}
