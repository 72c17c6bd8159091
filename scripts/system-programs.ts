// Which programs of the operating system the tests start, and how they come to be there: from
// Debian's packages, installed only where nobody's machine is changed behind their back.

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** A Debian package and the programs that tests start from it. */
export interface SystemPackage {
  readonly name: string;
  readonly programs: readonly string[];
}

/** One line a package. `npm test` makes sure of every one, whichever tests are asked for. */
export const systemPackages: readonly SystemPackage[] = [
  { name: 'mosquitto', programs: ['mosquitto'] },
  { name: 'mosquitto-clients', programs: ['mosquitto_pub', 'mosquitto_sub'] },
  { name: 'openssl', programs: ['openssl'] },
  { name: 'chromium', programs: ['chromium'] },
  { name: 'haproxy', programs: ['haproxy'] },
];

/** Debian puts daemons where a user's path often does not lead. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** What decides whether packages may be installed here. */
export interface Machine {
  readonly isRoot: boolean;
  /** `CI=true`: the machine is there to be changed. */
  readonly isContinuousIntegration: boolean;
  readonly hasAptGet: boolean;
  readonly hasSudo: boolean;
}

export type Provision =
  | { readonly kind: 'complete' }
  /** The command installs what is missing; as root, or through `sudo`. */
  | { readonly kind: 'install'; readonly command: readonly string[] }
  /** One line for the person who has to. */
  | { readonly kind: 'refuse'; readonly line: string };

/** What is to be done about the packages that are missing (their names). */
export function planProvision(missing: readonly string[], machine: Machine): Provision {
  if (missing.length === 0) return { kind: 'complete' };
  const { isRoot, isContinuousIntegration, hasAptGet, hasSudo } = machine;
  const isAllowed = isRoot || (isContinuousIntegration && hasSudo);
  if (!hasAptGet || !isAllowed) {
    const names = missing.join(' ');
    const line =
      `the tests need programs of these Debian packages: ${names}; install them with ` +
      `\`sudo apt-get install --no-install-recommends ${names}\``;
    return { kind: 'refuse', line };
  }
  const install = ['sh', 'scripts/install-packages.sh', ...missing];
  return { kind: 'install', command: isRoot ? install : ['sudo', '--non-interactive', ...install] };
}

/** The names of the packages of which a program is on none of the folders of `path`. */
export function findMissingPackages(path: string): readonly string[] {
  return systemPackages
    .filter(({ programs }) => programs.some((program) => !isOnPath(program, path)))
    .map(({ name }) => name);
}

/** `PATH` with the system's own folders behind it. */
export function withSystemFolders(path: string | undefined): string {
  return [...(path ?? '').split(':').filter((folder) => folder !== ''), ...systemFolders].join(':');
}

export function isOnPath(program: string, path: string): boolean {
  return path.split(':').some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
