import { PttError, type Fault } from '#libs/kernel';
import { formatListenAddress, urlOf, type ListenAddress } from './address.ts';
import { nearestName } from './nearest.ts';
import type { Profile, Setting } from './setting.ts';
import { NOT_BUILT_IN_2C, NOT_BUILT_VARIABLES, SETTINGS } from './table.ts';

/** What the process was told, parsed. Made once, at start; nothing reads the environment after it. */
export interface Settings {
  readonly profile: Profile;
  readonly store: 'file';
  readonly cache: 'none' | 'memory';
  readonly bus: 'memory';
  readonly gate: 'modelled' | 'http';
  /** Milliseconds. */
  readonly gateReuseMs: number;
  /** Follows from `adminListen` when not set; with its port 0, what starts Admin passes the real one. */
  readonly adminUrl: string;
  readonly ffServiceTokenFile: string | null;
  readonly audit: 'deferred';
  readonly ffVerifyMode: 'verified' | 'decode-only';
  readonly adminVerifyMode: 'verified' | 'decode-only';
  readonly issuerListen: ListenAddress;
  /** The `iss` of tokens. */
  readonly issuerUrl: string;
  readonly jwksUrl: string;
  readonly signing: 'on' | 'read-only';
  readonly dataDir: string;
  readonly ffListen: ListenAddress;
  readonly adminListen: ListenAddress;
  readonly replica: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly token: string | null;
}

/** Who decided a setting: the variable itself, the profile, the default, or another setting that it follows from. */
export type SettingSource = 'environment' | 'profile' | 'default' | 'derived';

/** A line of `ptt config`. */
export interface SettingLine {
  readonly name: string;
  /** As it could be set; `***` for a secret that is set, empty for what is not set. */
  readonly value: string;
  readonly source: SettingSource;
  readonly layer: string;
  readonly type: string;
  readonly unit: string | null;
  readonly description: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const OURS = new Set<string>(Object.values(SETTINGS).map(({ name }) => name));
/** What Kubernetes adds for a service: `PTT_FF_SERVICE_HOST`, `PTT_FF_PORT`, `PTT_FF_PORT_7080_TCP_ADDR`, … */
const KUBERNETES = /_SERVICE_(?:HOST|PORT(?:_[A-Z0-9_]+)?)$|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?$/;

const pointerTo = (name: string): string => `#/env/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Variables of ours by their beginning, of which there is no such setting. */
function strangers(env: Environment): Fault[] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !name.startsWith('PTT_') || OURS.has(name)) continue;
    const planned = Object.hasOwn(NOT_BUILT_VARIABLES, name) ? NOT_BUILT_VARIABLES[name] : undefined;
    if (planned !== undefined) {
      faults.push({
        pointer: pointerTo(name),
        detail: `${name}: ${planned} is not built yet in this version; leave it out`,
      });
    } else if (!KUBERNETES.test(name)) {
      const near = nearestName(name, OURS);
      const advice = near === null ? '`ptt config` lists every variable' : `did you mean ${near}?`;
      faults.push({ pointer: pointerTo(name), detail: `${name} is not known; ${advice}` });
    }
  }
  return faults;
}

/** Two servers cannot share one address. */
function sharedAddresses(addresses: readonly (readonly [name: string, address: ListenAddress])[]): Fault[] {
  const first = new Map<string, string>();
  const faults: Fault[] = [];
  for (const [name, address] of addresses) {
    if (address.port === 0) continue;
    const text = formatListenAddress(address);
    const holder = first.get(text);
    if (holder === undefined) first.set(text, name);
    else faults.push({ pointer: pointerTo(name), detail: `${name}: ${text} is already given to ${holder}` });
  }
  return faults;
}

/**
 * Parses the environment that it is given.
 * @throws PttError `config_invalid` with every fault there is, each with its pointer `#/env/NAME`.
 */
export function readSettings(env: Environment): {
  readonly settings: Settings;
  readonly lines: readonly SettingLine[];
} {
  const faults = strangers(env);
  const lines: SettingLine[] = [];

  const take = <T>(row: Setting<T>, profile: Profile): T => {
    const standing = 'always' in row.default ? row.default.always : row.default.byProfile[profile];
    const found = env[row.name];
    const read = found === undefined ? { value: standing } : row.read(found);
    if ('fault' in read) {
      faults.push({ pointer: pointerTo(row.name), detail: `${row.name}: ${read.fault}` });
      return standing;
    }
    const shown = row.show(read.value);
    lines.push({
      name: row.name,
      value: row.secret && shown !== '' ? '***' : shown,
      source: found !== undefined ? 'environment' : 'always' in row.default ? 'default' : 'profile',
      layer: row.layer,
      type: row.type,
      unit: row.unit,
      description: row.description,
    });
    return read.value;
  };
  const takeOrDerive = (row: Setting<string | null>, profile: Profile, derived: string): string => {
    const value = take(row, profile);
    if (value !== null) return value;
    const line = lines.findIndex(({ name }) => name === row.name);
    const shown = lines[line];
    if (shown !== undefined) lines[line] = { ...shown, value: derived, source: 'derived' };
    return derived;
  };

  let profile: Profile = 'sim';
  if (env[SETTINGS.profile.name] === '2c') {
    const detail = `PTT_PROFILE: 2c is not built yet in this version: ${NOT_BUILT_IN_2C.join(', ')}; set 2b or sim`;
    faults.push({ pointer: pointerTo(SETTINGS.profile.name), detail });
  } else {
    profile = take(SETTINGS.profile, profile);
  }
  const adminListen = take(SETTINGS.adminListen, profile);
  const issuerListen = take(SETTINGS.issuerListen, profile);
  const ffListen = take(SETTINGS.ffListen, profile);
  const issuerUrl = takeOrDerive(SETTINGS.issuerUrl, profile, urlOf(issuerListen));
  const settings: Settings = {
    profile,
    store: take(SETTINGS.store, profile),
    cache: take(SETTINGS.cache, profile),
    bus: take(SETTINGS.bus, profile),
    gate: take(SETTINGS.gate, profile),
    gateReuseMs: take(SETTINGS.gateReuseMs, profile),
    adminUrl: takeOrDerive(SETTINGS.adminUrl, profile, urlOf(adminListen)),
    ffServiceTokenFile: take(SETTINGS.ffServiceTokenFile, profile),
    audit: take(SETTINGS.audit, profile),
    ffVerifyMode: take(SETTINGS.ffVerifyMode, profile),
    adminVerifyMode: take(SETTINGS.adminVerifyMode, profile),
    issuerListen,
    issuerUrl,
    jwksUrl: takeOrDerive(SETTINGS.jwksUrl, profile, `${issuerUrl}/.well-known/jwks.json`),
    signing: take(SETTINGS.signing, profile),
    dataDir: take(SETTINGS.dataDir, profile),
    ffListen,
    adminListen,
    replica: take(SETTINGS.replica, profile),
    logLevel: take(SETTINGS.logLevel, profile),
    token: take(SETTINGS.token, profile),
  };
  faults.push(
    ...sharedAddresses([
      [SETTINGS.ffListen.name, ffListen],
      [SETTINGS.adminListen.name, adminListen],
      [SETTINGS.issuerListen.name, issuerListen],
    ]),
  );
  if (faults.length > 0) throw refusal(faults);
  const order = Object.values(SETTINGS).map(({ name }) => name);
  const inOrder = lines.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return { settings: Object.freeze(settings), lines: inOrder };
}

function refusal(faults: readonly Fault[]): PttError {
  const [first] = faults;
  return new PttError('config_invalid', {
    detail: faults.map(({ detail }) => detail).join('\n'),
    ...(first !== undefined && faults.length === 1 ? { pointer: first.pointer } : {}),
    faults,
  });
}
