/** A JSON pointer (RFC 6901) in its URI fragment form, one step deeper: `#/a` and `b/c` make `#/a/b~1c`. */
export function pointTo(parent: string, ...steps: readonly (string | number)[]): string {
  return [parent, ...steps.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

/** Names in words: `"a", "b" and "c"`. */
export function listed(names: readonly string[], last: 'and' | 'or' = 'and'): string {
  const all = names.map((name) => JSON.stringify(name));
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${last} ${all.at(-1) ?? ''}`;
}

/** What a caller sent, quoted and cut for a message: it may be a megabyte long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
