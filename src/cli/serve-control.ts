// Lets people and programs reach a controller: all of the API on a Unix socket beside the store, its
// read-only compatibility routes on loopback.

import { findCurrentUser } from '../api/current-user.ts';
import { createApi } from '../api/create-api.ts';
import { serveLoopback, serveSocket } from '../api/serve.ts';
import type { HostPort } from '../config/host-port.ts';
import type { Commands, ReadModel } from '../controller/ports/control.ts';
import type { HistoryIntake } from '../controller/ports/forecast.ts';
import type { Log } from '../controller/ports/log.ts';
import { forecastNext } from '../core/forecasting/plain.ts';
import { StartError } from './start-error.ts';
import { readVersion } from './version.ts';

export interface ControlOptions {
  readonly read: ReadModel;
  readonly commands: Commands;
  readonly intake?: HistoryIntake;
  readonly log: Log;
  readonly socketPath: string;
  readonly listen: HostPort;
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
  const { read, commands, intake, log, socketPath, listen } = options;
  const api = createApi({
    read,
    commands,
    ...(intake !== undefined && { intake }),
    log,
    version: readVersion(),
    startedAt: read.now(),
    user: findCurrentUser(),
    forecastRatio: (past) => forecastNext(past, { lowest: 0, highest: 1 }),
  });
  const socket = await serveSocket(api, { path: socketPath, log });
  if (socket.kind === 'problem') throw new StartError(socket.message, 1);
  const http = await serveLoopback(api, { ...listen, log });
  if (http.kind === 'problem') {
    await socket.close();
    throw new StartError(http.message, 1);
  }
  return {
    httpAddress: http.address,
    close: async () => {
      await Promise.all([socket.close(), http.close()]);
    },
  };
}
