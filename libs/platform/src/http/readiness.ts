/** What the service stands on. */
export interface DependencyStatus {
  readonly name: string;
  readonly status: 'up' | 'down';
  /** In words for an operator: since when, what was seen. No secrets: `/readyz` needs no token. */
  readonly detail: string;
  /** Without a required one the service takes no traffic; the others are only told of. */
  readonly required: boolean;
}

/** Looks at everything that the service stands on; provided by each app. */
export class Readiness {
  /** @param look a line for each dependency, null for one that this profile has not */
  constructor(private readonly look: () => readonly (DependencyStatus | null)[]) {}

  dependencies(): readonly DependencyStatus[] {
    return this.look().filter((line) => line !== null);
  }
}

/** @param keys how it stands with the issuer's keys, as libs/identity has it; null where no key is ever looked at */
export function issuerStatus(keys: Omit<DependencyStatus, 'name'> | null): DependencyStatus | null {
  return keys === null ? null : { name: 'issuer', ...keys };
}

/** Evaluations and checks go on without a journal that can be written, so a failed one takes nothing out of service. */
export function storeStatus({ isWritable }: { readonly isWritable: boolean }): DependencyStatus {
  return {
    name: 'store',
    status: isWritable ? 'up' : 'down',
    detail: isWritable ? 'changes are recorded' : 'the journal cannot be written: changes are refused until restart',
    required: false,
  };
}

/** A message is a hint and nothing is correct only because one came, so everything goes on without a bus. */
export function busStatus({ isConnected }: { readonly isConnected: boolean }): DependencyStatus {
  return {
    name: 'bus',
    status: isConnected ? 'up' : 'down',
    detail: isConnected ? 'connected' : 'not connected: messages wait here, and others are missed',
    required: false,
  };
}
