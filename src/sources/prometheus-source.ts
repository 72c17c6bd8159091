// An instant query to Prometheus, or to what speaks its HTTP API (Thanos, Mimir, VictoriaMetrics):
// https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries

import { isRecord } from '../wire/report.ts';
import type { SignalSource, SourceOutcome } from '../controller/ports/signal-source.ts';
import { toPublicMessage } from '../aws/public-message.ts';
import type { TokenReference } from './bearer-token.ts';
import { getJson } from './http-source.ts';
import type { Resolve } from './fetch-text.ts';
import type { SourceSurroundings } from './surroundings.ts';

export interface PrometheusOrigin {
  readonly type: 'prometheus';
  /** Without `/api/v1/query`. */
  readonly url: string;
  /** PromQL that comes to a scalar, or to a vector of one element. */
  readonly query: string;
  readonly token: TokenReference | null;
  readonly timeoutMs: number;
}

export function createPrometheusSource(
  origin: PrometheusOrigin,
  { now }: SourceSurroundings,
  resolve?: Resolve,
): SignalSource {
  const { token, timeoutMs } = origin;
  const url = queryUrl(origin);
  return {
    read: async () => {
      const measuredAt = now();
      const answer = await getJson({ url, token, timeoutMs, takesErrors: true }, resolve);
      if (answer.kind !== 'json') return answer;
      const read = readAnswer(answer.json, answer.status);
      return typeof read === 'number' ? { kind: 'value', value: read, measuredAt } : read;
    },
  };
}

function queryUrl({ url, query }: PrometheusOrigin): string {
  const target = new URL(url);
  target.pathname = `${target.pathname.replace(/\/$/, '')}/api/v1/query`;
  target.searchParams.set('query', query);
  return target.href;
}

type Unread = Exclude<SourceOutcome, { kind: 'value' }>;

function readAnswer(json: unknown, status: number): number | Unread {
  if (!isRecord(json)) return fail('the answer is not one of Prometheus');
  if (json['status'] !== 'success') {
    const error = typeof json['error'] === 'string' ? json['error'] : 'no message';
    return fail(toPublicMessage(`the query was refused (HTTP ${status}): ${error}`));
  }
  const data = isRecord(json['data']) ? json['data'] : {};
  const { resultType, result } = data;
  if (!Array.isArray(result)) return fail('the answer is not one of Prometheus');
  const items: readonly unknown[] = result;
  if (resultType === 'scalar') return readSample(items);
  if (resultType !== 'vector') {
    const kind = typeof resultType === 'string' ? resultType.slice(0, 20) : 'something else';
    return fail(`the query comes to a ${kind}, allowed: a scalar or a vector of one element`);
  }
  const [only, ...others] = items;
  if (only === undefined) return { kind: 'nothing', message: 'the query comes to no element' };
  if (others.length > 0) {
    const allowed = 'allowed: one, as in sum(…) or max(…)';
    return fail(`the query comes to ${items.length} elements, ${allowed}`);
  }
  const sample: unknown = isRecord(only) ? only['value'] : null;
  return Array.isArray(sample) ? readSample(sample) : fail('the element is no sample');
}

/** `[time, "value"]`; the value is text, for JSON knows no infinity. */
function readSample(sample: readonly unknown[]): number | Unread {
  const [, text] = sample;
  // The ratio of two rates without any traffic.
  if (text === 'NaN') return { kind: 'nothing', message: 'the query comes to NaN' };
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  return fail(`the query comes to ${String(text).slice(0, 20)}, allowed: a finite number`);
}

function fail(message: string): Unread {
  return { kind: 'failed', message };
}
