import { invariant, PttError } from '#libs/kernel';
import { type Environment, readSettings } from '../settings.ts';

/** How the environment is refused. @throws Error when it is not */
export function refusalOf(env: Environment): PttError {
  try {
    readSettings(env);
  } catch (error) {
    invariant(error instanceof PttError, 'configuration is refused with a coded error');
    return error;
  }
  throw new Error('nothing was refused');
}

/** What is wrong with the environment, by the place of each fault. */
export const pointersOf = (env: Environment): readonly string[] => refusalOf(env).faults.map(({ pointer }) => pointer);
