/** What an operator must look at. */
export interface Alert {
  readonly kind: 'ingest_conflict';
  readonly detail: string;
}

/** Where alerts go: a log line and a counter, in the apps. */
export abstract class Alerts {
  abstract raise(alert: Alert): void;
}
