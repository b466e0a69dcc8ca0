// A lint plugin with one rule: nothing reads time, chance, ids, waiting or the environment from the ambient process.
// A rule of the product that did could be neither simulated nor replayed; Clock, Scheduler, Random and Ids
// (libs/kernel) are what it is given instead. Where the ports are made real, .oxlintrc.json switches the rule off.

const PORTS = {
  time: 'take a Clock, or an instant as a parameter',
  waiting: 'take a Scheduler',
  chance: 'take a Random',
  ids: 'take Ids',
  environment: 'take the parsed configuration',
};

const RANDOM = {
  randomUUID: 'ids',
  randomUUIDv7: 'ids',
  randomBytes: 'chance',
  randomFill: 'chance',
  randomFillSync: 'chance',
  randomInt: 'chance',
  getRandomValues: 'chance',
  webcrypto: 'chance',
};

// Tables of tables, without prototypes: a property called `constructor` must not find one.
const table = (entries) =>
  new Map(Object.entries(entries).map(([name, kinds]) => [name, new Map(Object.entries(kinds))]));

/** Members of globals, each with the port to use instead. */
const MEMBERS = table({
  Date: { now: 'time' },
  performance: { now: 'time', timeOrigin: 'time', mark: 'time', measure: 'time' },
  process: { hrtime: 'time', uptime: 'time', env: 'environment', argv: 'environment', nextTick: 'waiting' },
  Math: { random: 'chance' },
  crypto: RANDOM,
  AbortSignal: { timeout: 'waiting' },
  Atomics: { wait: 'waiting', waitAsync: 'waiting' },
});

/** Members of Node's modules; `*` stands for the whole module. */
const MODULES = table({
  crypto: RANDOM,
  timers: { '*': 'waiting' },
  'timers/promises': { '*': 'waiting' },
  perf_hooks: { '*': 'time' },
  process: { '*': 'environment' },
});

const TIMERS = new Set(['setTimeout', 'setInterval', 'setImmediate']);
const NONE = new Map();

const nameOf = (node) => {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
};

/** `globalThis.Date` and `global.Date` are `Date`. */
const globalOf = (node) => {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression') return null;
  const root = node.object.type === 'Identifier' ? node.object.name : null;
  return root === 'globalThis' || root === 'global' ? nameOf(node.property) : null;
};

const isReference = (node) => {
  const { parent } = node;
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent.type === 'Property') return parent.value === node;
  return !/^(?:TS|Import|Export|MethodDefinition|PropertyDefinition)/.test(parent.type);
};

const ambient = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const report = (node, what, kind) => {
      if (kind !== undefined) context.report({ node, message: `Ambient ${kind}: ${what}; ${PORTS[kind]}.` });
    };
    /** What a file calls a whole module: `import * as crypto`. */
    const modules = new Map();
    const membersOf = (node) => modules.get(globalOf(node)) ?? MEMBERS.get(globalOf(node)) ?? NONE;
    return {
      ImportDeclaration(node) {
        const members = MODULES.get(node.source.value.replace(/^node:/, ''));
        if (members === undefined || node.importKind === 'type') return;
        report(node, node.source.value, members.get('*'));
        for (const specifier of node.specifiers) {
          if (specifier.type !== 'ImportSpecifier') modules.set(specifier.local.name, members);
          else if (specifier.importKind !== 'type')
            report(specifier, nameOf(specifier.imported), members.get(nameOf(specifier.imported)));
        }
      },
      MemberExpression(node) {
        const name = node.computed && node.property.type !== 'Literal' ? null : nameOf(node.property);
        report(node, `${globalOf(node.object)}.${name}`, membersOf(node.object).get(name));
        if (TIMERS.has(globalOf(node))) report(node, name, 'waiting');
      },
      VariableDeclarator(node) {
        if (node.id.type !== 'ObjectPattern' || node.init === null) return;
        for (const property of node.id.properties) {
          if (property.type !== 'Property') continue;
          const name = nameOf(property.key);
          report(property, `${globalOf(node.init)}.${name}`, membersOf(node.init).get(name));
        }
      },
      Identifier(node) {
        if (TIMERS.has(node.name) && isReference(node)) report(node, node.name, 'waiting');
      },
      NewExpression(node) {
        if (globalOf(node.callee) === 'Date' && node.arguments.length === 0) report(node, 'new Date()', 'time');
      },
      CallExpression(node) {
        if (globalOf(node.callee) === 'Date') report(node, 'Date()', 'time');
      },
    };
  },
};

export default { meta: { name: 'ptt' }, rules: { ambient } };
