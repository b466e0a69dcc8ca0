export * from './file-store.ts';
export { readJournal } from './journal-file.ts';
export { faultsOf, type JsonText, locate, readJson } from './json-text.ts';
export type { JournalLine } from './journal-line.ts';
export type { FileFault, StoreNotice } from './notice.ts';
export type { Position } from './position.ts';
export type { Snapshot } from './snapshot.ts';
export { statedPositions } from './stated-positions.ts';
export type { PendingRows, ReadonlyRows, Rows, StoreTransaction, Table } from './table.ts';
