// Asks a controller over its Unix socket, on behalf of the command line. What can go wrong is an
// outcome with one clear line; nothing is tried twice.

import { request } from 'node:http';
import type {
  DecisionsAnswer,
  ForecastAnswer,
  GroupDetail,
  GroupsAnswer,
  HealthAnswer,
  HistoryImportAnswer,
  ModeAnswer,
  OverrideAnswer,
  ResumedAnswer,
  SignalAnswer,
  ToldDecision,
  ToldObstacles,
  ToldSizeObstacles,
  VersionAnswer,
} from './answers.ts';
import type { Direction } from '../core/decision.ts';
import type { Mode } from '../core/group.ts';
import { findCurrentUser } from './current-user.ts';
import { userHeader } from './user-header.ts';

export type Answer<T> =
  | { readonly kind: 'answered'; readonly value: T }
  /** `code` is the problem's, see `docs/http.md`. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly detail: string;
    }
  | {
      readonly kind: 'unreachable';
      readonly code: UnreachableCode;
      readonly message: string;
    };

export type UnreachableCode = 'no-controller' | 'denied' | 'no-answer' | 'no-foretide' | 'failed';

/** Moments are written as in a URL: `09:30`, `-5m`, ISO 8601 or milliseconds since 1970. */
export interface DecisionsRequest {
  readonly from?: string;
  readonly to?: string;
  readonly kind?: readonly string[];
  readonly limit?: number;
}

export interface SignalRequest {
  readonly signal: string;
  readonly from?: string;
  readonly to?: string;
}

export interface SetRequest {
  readonly desired: number;
  /** `10m`, milliseconds, or null for "until resumed". Left out: ten minutes. */
  readonly for?: string | number | null;
  readonly why: string;
}

export interface HoldRequest {
  readonly atLeast: number;
  /** As for `SetRequest`. Left out: ten minutes. */
  readonly for?: string | number | null;
  readonly why: string;
}

export interface PauseRequest {
  /** As for `SetRequest`. Left out: until resumed. */
  readonly for?: string | number | null;
  readonly why: string;
}

export interface ModeRequest {
  readonly mode: Mode;
  readonly why: string;
}

/** Pairs of a minute's start and its mean, at most 400 at a time. */
export interface HistoryRequest {
  readonly minutes: readonly (readonly [start: number, mean: number])[];
  readonly replaces: boolean;
  readonly isTrial: boolean;
  readonly isLast: boolean;
}

export interface ApiClient {
  groups(): Promise<Answer<GroupsAnswer>>;
  group(name: string): Promise<Answer<GroupDetail>>;
  decisions(name: string, wanted?: DecisionsRequest): Promise<Answer<DecisionsAnswer>>;
  why(name: string, at?: string): Promise<Answer<ToldDecision>>;
  whyNot(name: string, direction: Direction, at?: string): Promise<Answer<ToldObstacles>>;
  whyNotSize(name: string, size: number, at?: string): Promise<Answer<ToldSizeObstacles>>;
  signal(name: string, wanted: SignalRequest): Promise<Answer<SignalAnswer>>;
  forecast(name: string, hours: number): Promise<Answer<ForecastAnswer>>;
  importHistory(name: string, part: HistoryRequest): Promise<Answer<HistoryImportAnswer>>;
  set(name: string, wish: SetRequest): Promise<Answer<OverrideAnswer>>;
  hold(name: string, wish: HoldRequest): Promise<Answer<OverrideAnswer>>;
  pause(name: string, wish: PauseRequest): Promise<Answer<OverrideAnswer>>;
  mode(name: string, wish: ModeRequest): Promise<Answer<ModeAnswer>>;
  resume(name: string): Promise<Answer<ResumedAnswer>>;
  version(): Promise<Answer<VersionAnswer>>;
  health(): Promise<Answer<HealthAnswer>>;
}

const answerLimitDefaultMs = 10_000;
const answerMaxBytes = 64 * 1024 * 1024;

export interface ClientOptions {
  readonly socketPath: string;
  /** In whose name commands are given. Default: whoever runs this process. */
  readonly user?: string;
  readonly answerLimitMs?: number;
}

export function createClient({
  answerLimitMs = answerLimitDefaultMs,
  socketPath,
  user = findCurrentUser(),
}: ClientOptions): ApiClient {
  const asker = { socketPath, user, answerLimitMs };
  const at = (name: string, part = ''): string => `/v1/groups/${encodeURIComponent(name)}${part}`;
  const get = <T>(path: string, query: Query = {}): Promise<Answer<T>> =>
    ask<T>({ ...asker, method: 'GET', path: `${path}${writeQuery(query)}`, body: null });
  const post = <T>(path: string, body: object): Promise<Answer<T>> =>
    ask<T>({ ...asker, method: 'POST', path, body: JSON.stringify(body) });
  return {
    groups: () => get('/v1/groups'),
    group: (name) => get(at(name)),
    decisions: (name, { from, kind, limit, to } = {}) =>
      get(at(name, '/decisions'), { from, to, kind: kind?.join(','), limit }),
    why: (name, moment) => get(at(name, '/why'), { at: moment }),
    whyNot: (name, direction, moment) => get(at(name, '/why-not'), { direction, at: moment }),
    whyNotSize: (name, size, moment) => get(at(name, '/why-not'), { size, at: moment }),
    signal: (name, { from, signal, to }) =>
      get(at(name, `/signals/${encodeURIComponent(signal)}`), { from, to }),
    forecast: (name, hours) => get(at(name, '/forecast'), { hours }),
    importHistory: (name, part) => post(at(name, '/history'), part),
    set: (name, wish) => post(at(name, '/set'), wish),
    hold: (name, wish) => post(at(name, '/hold'), wish),
    pause: (name, wish) => post(at(name, '/pause'), wish),
    mode: (name, wish) => post(at(name, '/mode'), wish),
    resume: (name) => post(at(name, '/resume'), {}),
    version: () => get('/v1/version'),
    health: () => get('/v1/health'),
  };
}

type Query = Readonly<Record<string, string | number | undefined>>;

function writeQuery(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(key, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

interface Question extends Required<ClientOptions> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string | null;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function ask<T>(question: Question): Promise<Answer<T>> {
  try {
    return readReply(await exchange(question), question.socketPath);
  } catch (error) {
    return describeFailure(error, question);
  }
}

function exchange(question: Question): Promise<Reply> {
  const { answerLimitMs, body, method, path, socketPath, user } = question;
  return new Promise((resolve, reject) => {
    const headers = {
      [userHeader]: encodeURIComponent(user),
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    };
    const signal = AbortSignal.timeout(answerLimitMs);
    const asked = request({ socketPath, path, method, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > answerMaxBytes) response.destroy(new Error('the answer is too long'));
      });
      response.once('error', reject);
      response.once('end', () => {
        const type = response.headers['content-type'] ?? '';
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, type, text });
      });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

function readReply<T>({ status, text, type }: Reply, socketPath: string): Answer<T> {
  const json = parseJson(text);
  if (status === 200 && type.startsWith('application/json') && json !== null) {
    // A controller of this version or near it, behind a socket that the caller chose: it is taken at
    // its word.
    return { kind: 'answered', value: json as T };
  }
  const isProblem = type.startsWith('application/problem+json') && json !== null;
  if (isProblem && 'detail' in json && 'code' in json) {
    return { kind: 'refused', status, code: String(json.code), detail: String(json.detail) };
  }
  const message = `what answers at ${socketPath} is no controller (status ${status})`;
  return { kind: 'unreachable', code: 'no-foretide', message };
}

function parseJson(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}

function describeFailure(error: unknown, { answerLimitMs, socketPath }: Question): Answer<never> {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return unreachable('no-controller', `no controller is running at ${socketPath}`);
    case 'EACCES':
    case 'EPERM':
      return unreachable('denied', `${socketPath} belongs to another user`);
    case 'ABORT_ERR':
      return unreachable('no-answer', `${socketPath} did not answer in ${answerLimitMs / 1000} s`);
    default: {
      const message = error instanceof Error ? error.message : String(error);
      return unreachable('failed', `asking ${socketPath} failed: ${message}`);
    }
  }
}

function unreachable(code: UnreachableCode, message: string): Answer<never> {
  return { kind: 'unreachable', code, message };
}
