// What holds on every route of a surface: how long a body may be, what is answered where nothing is,
// and that nothing is cached or sniffed.

import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Log } from '../controller/ports/log.ts';
import type { ApiEnv } from './access/person.ts';
import { answerProblem } from './problem.ts';

/** No command is longer. */
export const bodyMaxBytes = 16 * 1024;
/** A config, escaped as JSON has it. */
const configBodyMaxBytes = 512 * 1024;
/** A trace of 2 MB beside a config. */
const jobBodyMaxBytes = 3 * 1024 * 1024;

export interface SurfaceOptions {
  /** Of every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Before anything of a request is read but its head. */
  readonly gate: MiddlewareHandler<ApiEnv>;
}

export function createSurface(log: Log, { gate, headers = {} }: SurfaceOptions): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use(async (context, next) => {
    await next();
    const { res } = context;
    if (!res.headers.has('cache-control')) res.headers.set('cache-control', 'no-store');
    res.headers.set('x-content-type-options', 'nosniff');
    for (const [name, value] of Object.entries(headers)) res.headers.set(name, value);
  });
  app.use(gate);
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
  app.use('/v1/jobs', limitBody(jobBodyMaxBytes));
  app.use('/v1/config/check', limitBody(configBodyMaxBytes));
  const other = limitBody(bodyMaxBytes);
  app.use((context, next) => {
    const isLong = context.req.path === '/v1/jobs' || context.req.path === '/v1/config/check';
    return isLong ? next() : other(context, next);
  });
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

function limitBody(maxSize: number): MiddlewareHandler<ApiEnv> {
  return bodyLimit({
    maxSize,
    onError: () => {
      const detail = `the body is longer than ${maxSize} bytes`;
      return answerProblem({ status: 413, code: 'too-large', detail }, { connection: 'close' });
    },
  });
}
