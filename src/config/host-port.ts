// Addresses to listen on: `127.0.0.1:1883`, `[::1]:1883`, `localhost:1883`. Resolves no name.

export interface HostPort {
  /** An IPv6 address stands without its brackets. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const portMax = 65_535;
export const hostPortPattern = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+)):(\d{1,5})$/;

/** Null for anything but a host and a port. */
export function parseHostPort(text: string): HostPort | null {
  const [, bracketed, plain, digits] = hostPortPattern.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > portMax ? null : { host, port };
}

/** The same for text that the schema has checked. */
export function requireHostPort(text: string): HostPort {
  const address = parseHostPort(text);
  if (address === null) throw new Error(`the schema let a bad address through: ${text}`);
  return address;
}

/** Whether only this machine can reach it: 127.0.0.0/8, ::1 and localhost (RFC 6761). */
export function isLoopback({ host }: HostPort): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host) || host === '::1' || host.toLowerCase() === 'localhost';
}

/** As it is written in a file. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
