/** The door: types, schemas and validators made from contracts/, request classes, the HTTP face of each error code. */
export { ERRORS, ERROR_TYPE_BASE } from './generated/errors.generated.ts';
