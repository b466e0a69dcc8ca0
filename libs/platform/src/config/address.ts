import { isIPv4, isIPv6 } from 'node:net';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 to 65535; with 0 the operating system picks a free one. */
  readonly port: number;
}

const HOST_AND_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]{1,253})):(\d{1,5})$/;
const DIGITS_AND_DOTS = /^[0-9.]+$/;

/** Reads `127.0.0.1:7080`, `localhost:0` or `[::1]:7080`; null when the text is no such thing. */
export function parseListenAddress(text: string): ListenAddress | null {
  const found = HOST_AND_PORT.exec(text);
  if (found === null) return null;
  const [, v6, name, digits] = found;
  const port = Number(digits);
  if (port > 65_535) return null;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : null;
  if (name === undefined) return null;
  // `1.2.3` and `256.1.1.1` look like addresses and are none: no name server should be asked for them.
  if (DIGITS_AND_DOTS.test(name) && !isIPv4(name)) return null;
  return { host: name, port };
}

/** The inverse of {@link parseListenAddress}. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return isIPv6(host) ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}

/** True when only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** The URL under which this machine reaches what listens there: "any address" is reached over loopback. */
export function urlOf({ host, port }: ListenAddress): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${formatListenAddress({ host: reachable, port })}`;
}
