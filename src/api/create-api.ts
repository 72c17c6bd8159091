// The HTTP API, without a server: two surfaces over the controller's read and command ports. The
// loopback one has only what other systems' clients expect and changes nothing; the socket one has
// `/v1` as well. `docs/http.md` is their contract, and its examples are tested.

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Commands, ReadModel } from '../controller/ports/control.ts';
import type { HistoryIntake } from '../controller/ports/forecast.ts';
import type { Log } from '../controller/ports/log.ts';
import type { Forecast, PastMean } from '../core/forecasting/plain.ts';
import type { EpochMs } from '../core/time.ts';
import type { VersionAnswer } from './answers.ts';
import { addCommandRoutes } from './command-routes.ts';
import { addCompatibilityRoutes } from './compatibility-routes.ts';
import { describeHealth } from './describe-health.ts';
import { addForecastRoutes } from './forecast-routes.ts';
import { addGroupRoutes } from './group-routes.ts';
import { answerProblem } from './problem.ts';

export interface ApiOptions {
  readonly read: ReadModel;
  readonly commands: Commands;
  readonly log: Log;
  readonly version: string;
  readonly startedAt: EpochMs;
  /** In whose name a command is given that does not say: the controller's own user. */
  readonly user: string;
  /** Absent: no past can be given to this controller. */
  readonly intake?: HistoryIntake;
  /** Forecasts a ratio's next step; null without a past. */
  readonly forecastRatio: (past: readonly PastMean[]) => Forecast | null;
  /** CPU ratios from elsewhere by group, ascending (`read-datapoints.ts`). */
  readonly importedHistory?: ReadonlyMap<string, readonly PastMean[]>;
}

export interface Api {
  /** For the Unix socket: everything. */
  readonly socket: Hono;
  /** For TCP on loopback, where anybody on the machine can ask: reads only. */
  readonly loopback: Hono;
}

/** No command is longer. */
export const bodyMaxBytes = 16 * 1024;

export function createApi(options: ApiOptions): Api {
  const socket = createSurface(options.log);
  addCompatibilityRoutes(socket, options);
  addServiceRoutes(socket, options);
  addGroupRoutes(socket, options);
  addCommandRoutes(socket, options);
  addForecastRoutes(socket, options);
  const loopback = createSurface(options.log);
  addCompatibilityRoutes(loopback, options);
  return { socket, loopback };
}

/** What holds on every route. */
function createSurface(log: Log): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: ({ req }, methods) => {
        const allow = methods.join(', ');
        const detail = `${req.path} does not take ${req.method}; it takes ${allow}`;
        return answerProblem({ status: 405, code: 'no-such-method', detail }, { allow });
      },
    }),
  );
  app.use(
    bodyLimit({
      maxSize: bodyMaxBytes,
      onError: () => {
        const detail = `the body is longer than ${bodyMaxBytes} bytes`;
        return answerProblem({ status: 413, code: 'too-large', detail }, { connection: 'close' });
      },
    }),
  );
  app.notFound(({ req }) => {
    const detail = `there is nothing at ${req.path}; docs/http.md lists what there is`;
    return answerProblem({ status: 404, code: 'no-such-route', detail });
  });
  app.onError((error, { req }) => {
    log.write('error', `${req.method} ${req.path} failed: ${error.message}`, {
      stack: error.stack,
    });
    const detail = 'a bug in Foretide; its log has the error';
    return answerProblem({ status: 500, code: 'bug', detail });
  });
  return app;
}

function addServiceRoutes(app: Hono, { read, startedAt, version }: ApiOptions): void {
  app.get('/v1/version', (context) => {
    return context.json<VersionAnswer>({ version, startedAt, now: read.now() });
  });
  app.get('/v1/health', (context) => context.json(describeHealth(read)));
}
