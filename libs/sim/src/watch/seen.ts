import type { CacheNamespace, Lease } from '#libs/cache';
import type { BulkFlagAnswer, Flag, GateDecision, HeldOverride, Subject } from '#libs/flags';
import type { ChangeCommand, JsonObject } from '#libs/kernel';
import type { FileStore, JournalLine } from '#libs/platform';
import type { RequestReads } from './request-reads.ts';

/** All times in milliseconds since the world began. */
export type StoreName = 'ff' | 'admin';

/** A line of a journal, once it is safe on disk. */
export interface Commit {
  readonly store: StoreName;
  readonly line: JournalLine;
  /** When it could first be read; of a line found only after a crash, when its store was opened again. */
  readonly at: number;
  /** True of such a line: nobody tells of it, and what it changed is not known to be anywhere. */
  readonly isFound: boolean;
}

/** One read of an evaluation's inputs. */
export interface InputRead {
  readonly replica: string;
  readonly namespace: CacheNamespace;
  readonly key: string;
  readonly version: number;
  /** What it says; null of a tombstone, and of what there never was. A cached entry is one object for as long as it lives. */
  readonly value: Flag | HeldOverride | null;
  readonly cache: string;
  /** Answered at once, out of the process itself. */
  readonly isInProcess: boolean;
  /** When the request began that it is read for: what is kept is asked for as of then. */
  readonly askedAt: number;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** A replica heard of a change: by the bus, or since it made it. */
export interface Heard {
  readonly replica: string;
  readonly message: JsonObject;
  readonly at: number;
}

/** A replica has made a change, and is about to answer for it. */
export interface Wrote {
  readonly replica: string;
  /** The correlation id of the change's record. */
  readonly correlationId: string;
  readonly at: number;
}

/** A replica heard that an approval changed. */
export interface Refreshed {
  readonly replica: string;
  readonly message: JsonObject;
  readonly at: number;
}

/** What was told of as committed is not in a store any more, or the store cannot be opened. */
export interface Lost {
  readonly store: StoreName;
  readonly detail: string;
}

/** A store was opened, by a process that has just begun. */
export interface Opened {
  readonly store: StoreName;
  readonly files: FileStore;
}

/** A load of the store on behalf of a replica's cache. */
export interface Load {
  readonly replica: string;
  readonly key: string;
  readonly phase: 'begun' | 'ended';
  readonly beganAt: number;
  readonly at: number;
}

/** What a shared tier did. */
export type TierAct =
  | { readonly act: 'got'; readonly key: string; readonly replica: string; readonly at: number }
  | { readonly act: 'lent'; readonly key: string; readonly lease: Lease; readonly replica: string; readonly at: number }
  | {
      readonly act: 'fill';
      readonly key: string;
      readonly lease: Lease;
      readonly replica: string;
      readonly version: number | null;
      readonly isTaken: boolean;
      readonly at: number;
    }
  | { readonly act: 'announced'; readonly message: JsonObject; readonly replica: string; readonly at: number }
  | { readonly act: 'dropped'; readonly at: number };

/** A bus took a message, other than by way of the shared tier. */
export interface Published {
  /** Who handed it over. */
  readonly publisher: string;
  readonly message: JsonObject;
  readonly at: number;
}

/** What an evaluation gave before the gate, and what the rules give for the very inputs that it read. */
export interface Derivation {
  readonly replica: string;
  readonly flagKey: string;
  readonly given: unknown;
  readonly expected: unknown;
  readonly at: number;
}

/** What a flag answered, alone or among others, as it left its replica. */
export interface Evaluated {
  readonly replica: string;
  readonly answer: BulkFlagAnswer;
  /** As the answer has it, RFC 3339. */
  readonly evaluatedAt: string;
  readonly subject: Subject;
  readonly reads: RequestReads;
}

/** What came of a flag that is to be gated. */
export interface Gated {
  readonly replica: string;
  readonly flagKey: string;
  readonly matrixRow: string;
  /** By what its caller got. */
  readonly isOn: boolean;
  /** What the gate said of it; null where it was not asked. */
  readonly decision: GateDecision['decision'] | null;
  /** Why it is off, or on. */
  readonly reason: string;
  readonly approvalRef: string | null;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** An answer as its caller got it. */
export interface Answered {
  readonly caller: string;
  readonly correlationId: string;
  readonly replica: string;
  readonly what: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'unknown';
  /** The error's code, or why it failed. */
  readonly detail: string | null;
  readonly beganAt: number;
  readonly endedAt: number;
}

/** A caller was told that its change is made. */
export interface Acknowledged {
  readonly store: StoreName;
  /** The correlation id of the change's record. */
  readonly correlationId: string;
  /** Such as `set` or `sign`. */
  readonly what: string;
  readonly command: ChangeCommand<unknown>;
  /** As it came over the network: nothing is taken for granted. */
  readonly answer: unknown;
  /** When the call began. */
  readonly beganAt: number;
  readonly at: number;
}

/** A service asked the issuer for its keys. */
export interface KeysRead {
  readonly reader: string;
  readonly isServed: boolean;
  readonly at: number;
}

/** A token was looked into, and taken or refused. */
export interface TokenRead {
  readonly reader: string;
  readonly kid: string;
  /** By a key that the issuer has never had, whatever name it goes by. */
  readonly isForged: boolean;
  readonly isTaken: boolean;
  readonly at: number;
}

/** A process or a replica came, went, or stood still. */
export interface Lived {
  readonly name: string;
  readonly what: 'up' | 'down' | 'paused' | 'resumed' | 'cut' | 'restored';
  readonly at: number;
}

/** What can be told of a world, to whoever checks it. */
export interface Witness {
  committed?(commit: Commit): void;
  read?(read: InputRead): void;
  heard?(heard: Heard): void;
  wrote?(wrote: Wrote): void;
  refreshed?(refreshed: Refreshed): void;
  lost?(lost: Lost): void;
  opened?(opened: Opened): void;
  loaded?(load: Load): void;
  tier?(act: TierAct): void;
  published?(published: Published): void;
  derived?(derivation: Derivation): void;
  evaluated?(evaluated: Evaluated): void;
  gated?(gated: Gated): void;
  answered?(answered: Answered): void;
  acknowledged?(acknowledged: Acknowledged): void;
  keysRead?(read: KeysRead): void;
  tokenRead?(read: TokenRead): void;
  lived?(lived: Lived): void;
  /** All is quiet again, and nothing more will be told. */
  end?(): Promise<void> | void;
}
