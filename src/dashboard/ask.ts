// Asks the API. What can go wrong is an outcome with one clear line; nothing is tried twice here.

export type Answer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly detail: string;
    }
  | { readonly kind: 'unreachable'; readonly detail: string };

export interface Question {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  /** The version that the person has seen. */
  readonly ifMatch?: string;
}

export type Ask = <T>(path: string, question?: Question) => Promise<Answer<T>>;

const answerLimitMs = 10_000;

/** `onStranger` is called whenever the API does not know, or not allow, who asks. */
export function createAsk(onStranger: () => void): Ask {
  return async <T>(path: string, { body, ifMatch, method = 'GET' }: Question = {}) => {
    const headers = new Headers();
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (ifMatch !== undefined) headers.set('if-match', `"${ifMatch}"`);
    try {
      const response = await fetch(path, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(answerLimitMs),
      });
      const answer = await readAnswer<T>(response);
      // A wrong token at the log-in says nothing of what may be read without one.
      const isLogIn = path === '/v1/session';
      const isRefused = answer.kind === 'refused' && [401, 403].includes(answer.status);
      if (isRefused && !isLogIn) onStranger();
      return answer;
    } catch (error) {
      const isLate = error instanceof DOMException && error.name === 'TimeoutError';
      const detail = isLate
        ? `the controller has not answered for ${answerLimitMs / 1000} s`
        : 'the controller cannot be reached';
      return { kind: 'unreachable', detail };
    }
  };
}

async function readAnswer<T>(response: Response): Promise<Answer<T>> {
  const { ok, status } = response;
  const json: unknown = await response.json().catch(() => null);
  // The server that sent this page: it is taken at its word.
  if (ok && json !== null) return { kind: 'answered', value: json as T };
  if (typeof json === 'object' && json !== null && 'detail' in json && 'code' in json) {
    return { kind: 'refused', status, code: String(json.code), detail: String(json.detail) };
  }
  const detail = `something other than Foretide answered (status ${status})`;
  return { kind: 'refused', status, code: 'no-foretide', detail };
}

export function groupPath(name: string, part = ''): string {
  return `/v1/groups/${encodeURIComponent(name)}${part}`;
}
