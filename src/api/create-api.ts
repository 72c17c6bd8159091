// The HTTP API, without a server: two surfaces over the controller's read and command ports. Both have
// the same routes; the Unix socket knows its caller by being its owner's, the web one by tokens.
// `docs/http.md` is their contract, and its examples are tested.

import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import type { Commands, ReadModel } from '../controller/ports/control.ts';
import type { Log } from '../controller/ports/log.ts';
import type { Forecast, PastMean } from '../core/forecasting/plain.ts';
import type { EpochMs } from '../core/time.ts';
import { createGuard, type AccessOptions } from './access/guard.ts';
import type { ApiEnv, Person } from './access/person.ts';
import { createRateLimit } from './access/rate-limit.ts';
import { createSessions } from './access/sessions.ts';
import type { TokenEntry } from './access/tokens.ts';
import { createAudit } from './audit.ts';
import { addCommandRoutes } from './command-routes.ts';
import { addCompatibilityRoutes } from './compatibility-routes.ts';
import type { ConfigDesk } from './config-desk.ts';
import { createSurface } from './create-surface.ts';
import { addEventRoutes } from './event-routes.ts';
import { createEventHub, type EventHub } from './events/event-hub.ts';
import { addGroupRoutes } from './group-routes.ts';
import { addPageRoutes, pageHeaders, readPageFiles } from './page-files.ts';
import { addServiceRoutes } from './service-routes.ts';
import { addSessionRoutes } from './session-routes.ts';
import { nameSocketPerson } from './socket-person.ts';
import { createSteering } from './steering.ts';

export interface ApiOptions {
  readonly read: ReadModel;
  readonly commands: Commands;
  readonly log: Log;
  readonly version: string;
  readonly startedAt: EpochMs;
  /** In whose name a command is given that does not say: the controller's own user. */
  readonly user: string;
  /** Forecasts a ratio's next step; null without a past. */
  readonly forecastRatio: (past: readonly PastMean[]) => Forecast | null;
  /** CPU ratios from elsewhere by group, ascending (`read-datapoints.ts`). */
  readonly importedHistory?: ReadonlyMap<string, readonly PastMean[]>;
  readonly config: ConfigDesk;
  readonly web: WebOptions;
  /** Where the audit is kept; null: in memory alone. */
  readonly auditPath: string | null;
}

export interface WebOptions {
  readonly tokens: readonly TokenEntry[];
  /** Whether `/v1` may be read without a token: on loopback, while the config names none. */
  readonly isReadingOpen: boolean;
  readonly isOffLoopback: boolean;
  readonly hasTls: boolean;
  /** The folder of the built page; null: there is none. */
  readonly pageFolder: string | null;
}

export interface Api {
  /** For the Unix socket. */
  readonly socket: Hono<ApiEnv>;
  /** For TCP: the page, and what it asks. */
  readonly web: Hono<ApiEnv>;
  readonly hub: EventHub;
  close(): void;
}

/** A page with its files takes some ten questions; nobody needs more than that each second. */
const requestsLimit = { burst: 300, perSecond: 50 };
/** A person mistypes; a program that guesses gets nowhere with 256 bits, and fills no log. */
const logInsLimit = { burst: 10, perSecond: 1 / 6 };

export function createApi(options: ApiOptions): Api {
  const { auditPath, log, read, web: webOptions } = options;
  const elapsedMs = (): number => performance.now();
  const audit = createAudit({ now: () => read.now(), log, path: auditPath });
  const steering = createSteering({ ...options, audit });
  const hub = createEventHub({ ...options, run: randomUUID(), elapsedMs, every });
  const sessions = createSessions(() => Date.now());
  const access: AccessOptions = {
    tokens: webOptions.tokens,
    isReadingOpen: webOptions.isReadingOpen,
    guardsEverything: webOptions.isOffLoopback,
    sessions,
    requests: createRateLimit({ ...requestsLimit, elapsedMs }),
    logIns: createRateLimit({ ...logInsLimit, elapsedMs }),
  };
  const mayStay = (person: Person): boolean => person.via !== 'session' || sessions.isOpen(person);
  const parts = { ...options, audit, steering, hub, mayStay };

  const socket = createSurface(log, { gate: nameSocketPerson(options.user) });
  addRoutes(socket, parts);

  const web = createSurface(log, { gate: createGuard(access), headers: pageHeaders });
  addSessionRoutes(web, { access, audit, isSecure: webOptions.hasTls });
  addRoutes(web, parts);
  const { pageFolder } = webOptions;
  addPageRoutes(web, pageFolder === null ? new Map() : readPageFiles(pageFolder));
  return { socket, web, hub, close: () => hub.close() };
}

type Parts = Parameters<typeof addServiceRoutes>[1] &
  Parameters<typeof addGroupRoutes>[1] &
  Parameters<typeof addCommandRoutes>[1] &
  Parameters<typeof addEventRoutes>[1] &
  Parameters<typeof addCompatibilityRoutes>[1];

function addRoutes(app: Hono<ApiEnv>, parts: Parts): void {
  addCompatibilityRoutes(app, parts);
  addServiceRoutes(app, parts);
  addGroupRoutes(app, parts);
  addCommandRoutes(app, parts);
  addEventRoutes(app, parts);
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms).unref();
  return () => clearInterval(timer);
}
