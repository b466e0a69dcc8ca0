export { Commits, type EventsOfLine } from './commits.ts';
export { Dispatcher, requireScope } from './dispatcher.ts';
export { DispatchModule } from './dispatch.module.ts';
export { DomainEvents } from './domain-events.ts';
