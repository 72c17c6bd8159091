// One call of PutMetricData, and what became of it (CloudWatch API reference; the AWS JSON 1.0
// protocol).

import type { Access } from '../aws/find-credentials.ts';
import { post, type Reply } from '../aws/post.ts';
import { signRequest } from '../aws/sign-request.ts';
import { describeError } from '../describe-error.ts';
import type { Datum } from './metric-outbox.ts';
import { storageResolution, type Publishing } from './publishing.ts';

export type PutOutcome =
  | { readonly kind: 'accepted' }
  /** It may be accepted later: throttled, out of reach, a fault of the service. */
  | { readonly kind: 'retry'; readonly message: string }
  /** The credentials have ended: others are to be found. */
  | { readonly kind: 'expired'; readonly message: string }
  | { readonly kind: 'denied'; readonly message: string };

const target = 'GraniteServiceVersion20100801.PutMetricData';

/** `https://monitoring.REGION.amazonaws.com`, but where an endpoint is given. Never rejects. */
export async function putMetricData(
  publishing: Publishing,
  datums: readonly Datum[],
  {
    access,
    endpoint,
    now,
  }: { readonly access: Access; readonly endpoint: string | null; readonly now: number },
): Promise<PutOutcome> {
  const url = new URL(endpoint ?? `https://monitoring.${access.region}.amazonaws.com/`);
  const body = writeBody(publishing, datums);
  const headers = signRequest(
    {
      host: url.host,
      path: url.pathname,
      body,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    },
    access.credentials,
    { region: access.region, service: 'monitoring', at: now },
  );
  try {
    return judge(await post(url, headers, body));
  } catch (error) {
    return { kind: 'retry', message: describeError(error) };
  }
}

function writeBody(publishing: Publishing, datums: readonly Datum[]): string {
  const { dimensions, metrics, namespace } = publishing;
  const shared = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return JSON.stringify({
    Namespace: namespace,
    MetricData: datums.flatMap(({ at, metric, value }) => {
      const published = metrics[metric];
      if (published === undefined) return [];
      return {
        MetricName: published.name,
        Unit: published.unit,
        Value: value,
        Timestamp: at / 1000,
        StorageResolution: storageResolution(publishing),
        ...(shared.length > 0 && { Dimensions: shared }),
      };
    }),
  });
}

/** AWS's own names for "again, and slower" and for "again, with new credentials". */
const throttled = /Throttl|RequestLimitExceeded|TooManyRequests|LimitExceeded/;
const expired = /ExpiredToken|InvalidClientTokenId|UnrecognizedClient|RequestExpired/;

function judge({ status, text }: Reply): PutOutcome {
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const [, code = ''] = /"__type"\s*:\s*"(?:[^"#]*#)?([^"]*)"/.exec(text) ?? [];
  const [, said = ''] = /"[Mm]essage"\s*:\s*"([^"]*)"/.exec(text) ?? [];
  const message = `${code === '' ? `status ${status}` : code}${said === '' ? '' : `: ${said}`}`;
  if (expired.test(code)) return { kind: 'expired', message };
  if (status >= 500 || status === 429 || throttled.test(code)) return { kind: 'retry', message };
  return { kind: 'denied', message };
}
