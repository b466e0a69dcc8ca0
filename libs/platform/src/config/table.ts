import { isLoopback } from './address.ts';
import { choice, listen, matching, PROFILES, url, whole } from './setting.ts';

const PATH = /^[^\0]{1,4096}$/;

/** Every setting there is. `ptt config` prints it, `readSettings` reads by it. */
export const SETTINGS = {
  profile: choice({
    name: 'PTT_PROFILE',
    layer: 'profile',
    description: 'A named set of layers; a layer’s own setting wins over it',
    values: PROFILES,
    default: { always: 'sim' },
  }),
  store: choice({
    name: 'PTT_STORE',
    layer: 'store',
    description: 'Where flags, overrides and approvals are kept',
    values: ['file'],
    notBuilt: ['postgres', 'pglite'],
    default: { always: 'file' },
  }),
  cache: choice({
    name: 'PTT_CACHE',
    layer: 'cache',
    description: 'What remembers the inputs of evaluations',
    values: ['none', 'memory'],
    notBuilt: ['redis'],
    default: { byProfile: { '2b': 'none', sim: 'memory' } },
  }),
  bus: choice({
    name: 'PTT_BUS',
    layer: 'bus',
    description: 'What carries invalidations and approval refreshes',
    values: ['memory'],
    notBuilt: ['redis'],
    default: { always: 'memory' },
  }),
  gate: choice({
    name: 'PTT_GATE',
    layer: 'gate',
    description: 'How FF asks whether an approval counts: the same rule in process, or Admin over HTTP',
    values: ['modelled', 'http'],
    default: { byProfile: { '2b': 'modelled', sim: 'http' } },
  }),
  gateReuseMs: whole({
    name: 'PTT_GATE_REUSE_MS',
    layer: 'gate',
    description: 'For how long an allow may be used again; 0 never',
    unit: 'ms',
    min: 0,
    max: 30_000,
    default: { always: 5_000 },
  }),
  adminUrl: url({
    name: 'PTT_ADMIN_URL',
    layer: 'gate',
    description: 'Where FF’s gate asks; from PTT_ADMIN_LISTEN when not set',
    default: { always: null },
  }),
  ffServiceTokenFile: matching<null>({
    name: 'PTT_FF_SERVICE_TOKEN_FILE',
    layer: 'gate',
    description:
      'File with FF’s own token for Admin, read again when it changes; the development issuer’s when not set',
    type: 'a path',
    pattern: PATH,
    default: { always: null },
  }),
  audit: choice({
    name: 'PTT_AUDIT',
    layer: 'audit',
    description: 'Where envelopes go: deferred keeps them in the journal and prints them on standard output',
    values: ['deferred'],
    notBuilt: ['delivered'],
    default: { always: 'deferred' },
  }),
  ffVerifyMode: choice({
    name: 'FF_VERIFY_MODE',
    layer: 'identity',
    description: 'Whether FF checks tokens or only reads their claims',
    values: ['verified', 'decode-only'],
    default: { byProfile: { '2b': 'decode-only', sim: 'verified' } },
  }),
  adminVerifyMode: choice({
    name: 'ADMIN_VERIFY_MODE',
    layer: 'identity',
    description: 'Whether Admin checks tokens or only reads their claims',
    values: ['verified', 'decode-only'],
    default: { byProfile: { '2b': 'decode-only', sim: 'verified' } },
  }),
  issuerListen: listen({
    name: 'PTT_ISSUER_LISTEN',
    layer: 'identity',
    description: 'Where the development issuer listens, on loopback only',
    allowed: ({ host }) =>
      isLoopback(host) ? null : `${host} is not loopback; the development issuer listens on loopback only`,
    default: { always: { host: '127.0.0.1', port: 7082 } },
  }),
  issuerUrl: url({
    name: 'PTT_ISSUER_URL',
    layer: 'identity',
    description: 'The issuer that tokens must name in `iss`; from PTT_ISSUER_LISTEN when not set',
    default: { always: null },
  }),
  jwksUrl: url({
    name: 'PTT_JWKS_URL',
    layer: 'identity',
    description: 'Where the issuer’s keys are; `/.well-known/jwks.json` of PTT_ISSUER_URL when not set',
    default: { always: null },
  }),
  signing: choice({
    name: 'PTT_SIGNING',
    layer: 'signing',
    description: 'Whether approvals can be issued, signed, rejected and withdrawn',
    values: ['on', 'read-only'],
    default: { byProfile: { '2b': 'read-only', sim: 'on' } },
  }),
  dataDir: matching<string>({
    name: 'PTT_DATA_DIR',
    layer: 'store',
    description: 'The folder of journals and snapshots',
    type: 'a path',
    pattern: PATH,
    default: { always: '.data' },
  }),
  ffListen: listen({
    name: 'PTT_FF_LISTEN',
    layer: 'http',
    description: 'Where FF listens',
    default: { always: { host: '127.0.0.1', port: 7080 } },
  }),
  adminListen: listen({
    name: 'PTT_ADMIN_LISTEN',
    layer: 'http',
    description: 'Where Admin listens',
    default: { always: { host: '127.0.0.1', port: 7081 } },
  }),
  replica: matching<string>({
    name: 'PTT_REPLICA',
    layer: 'http',
    description: 'What sets this process apart in answers and records: `1` makes FF `ff-1`',
    type: '1 to 32 letters, digits, dots, hyphens and underscores',
    pattern: /^[A-Za-z0-9._-]{1,32}$/,
    default: { always: '1' },
  }),
  logLevel: choice({
    name: 'PTT_LOG_LEVEL',
    layer: 'telemetry',
    description: 'The least level that is logged, on standard error',
    values: ['debug', 'info', 'warn', 'error', 'silent'],
    default: { always: 'info' },
  }),
  token: matching<null>({
    name: 'PTT_TOKEN',
    layer: 'identity',
    description: 'The bearer token of the command line’s client commands, when --token is not given',
    type: 'a bearer token',
    pattern: /^[A-Za-z0-9._~+/=-]{1,8192}$/,
    secret: true,
    default: { always: null },
  }),
};

/** Variables that are planned, with what they would set; setting one is refused, so that nobody believes it works. */
export const NOT_BUILT_VARIABLES: Readonly<Record<string, string>> = {
  PTT_CONSOLE_LISTEN: 'the console',
  PTT_ISSUER_REHEARSAL: 'the issuer’s rehearsal in profile 2c',
};

/** What profile `2c` needs beside what there is. */
export const NOT_BUILT_IN_2C = [
  'store (PTT_STORE=postgres)',
  'cache (PTT_CACHE=redis)',
  'bus (PTT_BUS=redis)',
  'audit sink (PTT_AUDIT=delivered)',
] as const;
