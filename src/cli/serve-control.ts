// Lets people and programs reach a controller: the API on a Unix socket beside the store, and with the
// page over TCP.

import { findCurrentUser } from '../api/current-user.ts';
import { createApi, type WebOptions } from '../api/create-api.ts';
import { serveSocket, serveWeb } from '../api/serve.ts';
import type { TokenEntry } from '../api/access/tokens.ts';
import type { ConfigDesk } from '../api/config-desk.ts';
import { isLoopback } from '../config/host-port.ts';
import type { ApiConfig } from '../config/config.ts';
import type { Commands, ReadModel } from '../controller/ports/control.ts';
import type { Log } from '../controller/ports/log.ts';
import { forecastNext } from '../core/forecasting/plain.ts';
import { readText } from './config-file.ts';
import { auditBeside, findPageFolder } from './places.ts';
import { StartError } from './start-error.ts';
import { readVersion } from './version.ts';

export interface ControlOptions {
  readonly read: ReadModel;
  readonly commands: Commands;
  readonly log: Log;
  readonly socketPath: string;
  readonly api: ApiConfig;
  readonly config: ConfigDesk;
  /** A token of this run alone, as the demo has one; it leaves reading open. */
  readonly ephemeralToken?: TokenEntry;
  /** False where nothing outlives the process, as in the demo. */
  readonly keepsAudit?: boolean;
}

export interface ServedControl {
  readonly httpAddress: string;
  close(): Promise<void>;
}

/**
 * The socket comes first: a live one shows that another controller already keeps this store, and
 * then this one does not start.
 */
export async function serveControl(options: ControlOptions): Promise<ServedControl> {
  const { api: configured, commands, config, log, read, socketPath } = options;
  const api = createApi({
    read,
    commands,
    log,
    version: readVersion(),
    startedAt: read.now(),
    user: findCurrentUser(),
    forecastRatio: (past) => forecastNext(past, { lowest: 0, highest: 1 }),
    config,
    web: describeWeb(options),
    auditPath: options.keepsAudit === false ? null : auditBeside(socketPath),
  });
  const tls = readTls(configured);
  const socket = await serveSocket(api, { path: socketPath, log });
  if (socket.kind === 'problem') throw new StartError(socket.message, 1);
  const http = await serveWeb(api, { ...configured.listen, tls, log });
  if (http.kind === 'problem') {
    await socket.close();
    throw new StartError(http.message, 1);
  }
  return {
    httpAddress: http.address,
    close: async () => {
      api.close();
      await Promise.all([socket.close(), http.close()]);
    },
  };
}

function describeWeb({ api, ephemeralToken }: ControlOptions): WebOptions {
  const isOffLoopback = !isLoopback(api.listen);
  const tokens = ephemeralToken === undefined ? api.tokens : [...api.tokens, ephemeralToken];
  return {
    tokens,
    isReadingOpen: api.tokens.length === 0 && !isOffLoopback,
    isOffLoopback,
    hasTls: api.tls !== null,
    pageFolder: findPageFolder(),
  };
}

function readTls({ tls }: ApiConfig): { certificate: string; key: string } | null {
  return tls === null ? null : { certificate: readText(tls.certificate), key: readText(tls.key) };
}
