// Who asks on the Unix socket: its owner, in the name that the client sends.

import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './access/person.ts';
import { oneLine } from './command-routes.ts';
import { answerProblem } from './problem.ts';
import { show } from './read-input.ts';
import { userHeader } from './user-header.ts';

const userLengthMax = 64;

/** `user` is meant where the client names nobody. */
export function nameSocketPerson(user: string): MiddlewareHandler<ApiEnv> {
  return (context, next) => {
    const header = context.req.header(userHeader);
    const name = header === undefined ? user : decode(header);
    if (name === null || name.length > userLengthMax || !oneLine.test(name)) {
      const allowed = `1 to ${userLengthMax} characters, percent-encoded`;
      const detail = `the header ${userHeader} is ${show(header ?? '')}; allowed: ${allowed}`;
      return Promise.resolve(answerProblem({ status: 400, code: 'bad-request', detail }));
    }
    context.set('person', { name, role: 'operator', via: 'socket', expiresAt: null });
    return next();
  };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
