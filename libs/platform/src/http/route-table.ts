/** Which methods each path takes, for the answer to a method that it does not take. */
export class RouteTable {
  readonly #routes: { readonly segments: readonly string[]; readonly method: string }[] = [];

  /** `pattern` as Fastify has it: `/v1/flags/:key`, `/docs/*`. */
  add(method: string | readonly string[], pattern: string): void {
    const methods = typeof method === 'string' ? [method] : method;
    for (const one of methods) this.#routes.push({ segments: pattern.split('/'), method: one.toUpperCase() });
  }

  /** The methods of all routes that match the path, sorted; none where there is nothing. */
  methodsOf(path: string): readonly string[] {
    const parts = path.split('/');
    const matching = this.#routes.filter(({ segments }) => matches(segments, parts));
    return [...new Set(matching.map(({ method }) => method))].toSorted();
  }
}

function matches(segments: readonly string[], parts: readonly string[]): boolean {
  const wildcard = segments.at(-1) === '*';
  if (wildcard ? parts.length < segments.length : parts.length !== segments.length) return false;
  return segments.every((segment, at) => {
    const part = parts[at] ?? '';
    return segment === part || segment === '*' || (segment.includes(':') && part !== '');
  });
}
