import { InvalidArgumentError, type Command } from 'commander';
import { isJsonObject, parseJson, PttError, type JsonObject, type JsonValue } from '#libs/kernel';
import { ServiceClient } from '../client.ts';
import type { Terminal } from '../terminal.ts';

/** The options that every client command of FF takes. */
export function ffOptions(command: Command): Command {
  return command
    .option('--ff-url <url>', 'where FF answers (default: http:// and PTT_FF_LISTEN)')
    .option('--token <token>', 'a bearer token (default: PTT_TOKEN)')
    .option('--json', 'print the answer as JSON');
}

/** The options that every client command of Admin takes. */
export function adminOptions(command: Command): Command {
  return command
    .option('--admin-url <url>', 'where Admin answers (default: http:// and PTT_ADMIN_LISTEN)')
    .option('--token <token>', 'a bearer token (default: PTT_TOKEN)')
    .option('--json', 'print the answer as JSON');
}

export interface ClientOptions {
  readonly ffUrl?: string;
  readonly adminUrl?: string;
  readonly token?: string;
  readonly json?: boolean;
}

export function ffClient(terminal: Terminal, { ffUrl, token }: ClientOptions): ServiceClient {
  return clientAt(ffUrl ?? `http://${terminal.env['PTT_FF_LISTEN'] ?? '127.0.0.1:7080'}`, '--ff-url', terminal, token);
}

export function adminClient(terminal: Terminal, { adminUrl, token }: ClientOptions): ServiceClient {
  const url = adminUrl ?? `http://${terminal.env['PTT_ADMIN_LISTEN'] ?? '127.0.0.1:7081'}`;
  return clientAt(url, '--admin-url', terminal, token);
}

/** What a header can carry; the service says whether it holds. */
const TOKEN = /^[\x21-\x7e]+$/;

/** @throws PttError `usage`; an empty token is none */
function clientAt(url: string, namedBy: string, { env }: Terminal, given: string | undefined): ServiceClient {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const detail = `${JSON.stringify(url)} is no http URL; give ${namedBy} one such as http://127.0.0.1:7080.`;
    throw new PttError('usage', { detail });
  }
  const token = given ?? env['PTT_TOKEN'] ?? '';
  if (token === '') return new ServiceClient(url, namedBy, undefined);
  if (TOKEN.test(token)) return new ServiceClient(url, namedBy, token);
  throw new PttError('usage', { detail: 'The token (--token or PTT_TOKEN) has characters that no token has.' });
}

/** Prints an answer whole as JSON, or the lines that a person wants of it. */
export function print(terminal: Terminal, options: ClientOptions, answer: JsonValue, lines: () => string): void {
  terminal.out(options.json === true ? JSON.stringify(answer, null, 2) : lines());
}

/** For commander: a value as JSON, so that `true` is a boolean and `"true"` a text. */
export function jsonValue(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw new InvalidArgumentError(`It is not JSON. A text needs quotes of its own: '"${text}"'.`);
  }
}

export function jsonObject(text: string): JsonObject {
  const value = jsonValue(text);
  if (isJsonObject(value)) return value;
  throw new InvalidArgumentError('It is not a JSON object.');
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

/** A part of a path. */
export function part(text: string): string {
  return encodeURIComponent(text);
}
