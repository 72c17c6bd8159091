// Metrics of CloudWatch, with metric math. Sources that are read in the same instant share calls, as
// many as go into one: CloudWatch throttles calls, and bills metrics.

import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';

import type { SignalSource, SourceOutcome } from '../controller/ports/signal-source.ts';
import type { EpochMs } from '../core/time.ts';
import { accessKey, type AwsClients } from '../aws/aws-clients.ts';
import {
  countQueries,
  createQueries,
  findLookBack,
  readResults,
  type CloudWatchOrigin,
} from './cloudwatch-queries.ts';
import type { SourceSurroundings } from './surroundings.ts';

/** "A single GetMetricData call can include up to 500 MetricDataQuery structures": API reference. */
export const queriesPerCallMax = 500;
/** Answers to one call, followed by NextToken. */
const pagesMax = 20;

interface Asked {
  readonly origin: CloudWatchOrigin;
  readonly settle: (outcome: SourceOutcome) => void;
}

type Batch = readonly [Asked, ...Asked[]];

/** Makes sources that share calls with each other. */
export function createCloudWatchSources(
  clients: AwsClients<CloudWatchClient>,
  { now }: SourceSurroundings,
): (origin: CloudWatchOrigin) => SignalSource {
  let waiting: Asked[] = [];
  /** Those whose query is refused: they go alone, or each call would fail and be sent in parts. */
  const refused = new WeakSet<CloudWatchOrigin>();

  function ask(origin: CloudWatchOrigin): Promise<SourceOutcome> {
    const { promise, resolve } = Promise.withResolvers<SourceOutcome>();
    waiting.push({ origin, settle: resolve });
    // Timers of one instant run in one turn: when it is over, all that fell due have asked.
    if (waiting.length === 1) setImmediate(sendWaiting);
    return promise;
  }

  function sendWaiting(): void {
    const asked = waiting;
    waiting = [];
    const alone = asked.filter(({ origin }) => refused.has(origin));
    const together = asked.filter(({ origin }) => !refused.has(origin));
    const batches = alone.map((one): Batch => [one]);
    for (const same of Map.groupBy(together, ({ origin }) => accessKey(origin)).values()) {
      batches.push(...splitIntoBatches(same));
    }
    for (const batch of batches) void send(batch);
  }

  /** Where CloudWatch refuses the call as a whole, one of its sources is to blame: it is found. */
  async function send(batch: Batch): Promise<void> {
    const answered = await getMetricData(batch);
    if (answered.ok) {
      for (const [index, { origin, settle }] of batch.entries()) {
        if (batch.length === 1) refused.delete(origin);
        settle(readResults(origin, index, answered.results, answered.askedAt));
      }
      return;
    }
    const [first, ...others] = batch;
    if (answered.isRefused && others.length > 0) {
      const middle = Math.ceil(batch.length / 2);
      for (const part of [batch.slice(0, middle), batch.slice(middle)]) {
        const [head, ...rest] = part;
        if (head !== undefined) await send([head, ...rest]);
      }
      return;
    }
    if (answered.isRefused) refused.add(first.origin);
    for (const { settle } of batch) settle({ kind: 'failed', message: answered.message });
  }

  async function getMetricData(batch: Batch): Promise<Answered> {
    const askedAt = now();
    const queries = batch.flatMap(({ origin }, index) => createQueries(origin, index));
    const lookBackMs = Math.max(...batch.map(({ origin }) => findLookBack(origin)));
    const results: MetricDataResult[] = [];
    let token: string | undefined;
    for (let page = 0; page < pagesMax; page += 1) {
      const command = new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(askedAt - lookBackMs),
        EndTime: new Date(askedAt),
        ScanBy: 'TimestampDescending',
        ...(token !== undefined && { NextToken: token }),
      });
      const called = await clients.call(batch[0].origin, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      );
      if (!called.ok) {
        const { kind, message } = called.failure;
        const isRefused = kind === 'failed';
        return { ok: false, isRefused, message: `GetMetricData: ${message}` };
      }
      results.push(...(called.value.MetricDataResults ?? []));
      token = called.value.NextToken;
      if (token === undefined || token === '') return { ok: true, results, askedAt };
    }
    const message = `GetMetricData: more than ${pagesMax} pages`;
    return { ok: false, isRefused: true, message };
  }

  return (origin) => ({ read: () => ask(origin) });
}

type Answered =
  | { readonly ok: true; readonly results: readonly MetricDataResult[]; readonly askedAt: EpochMs }
  | { readonly ok: false; readonly isRefused: boolean; readonly message: string };

function splitIntoBatches(asked: readonly Asked[]): readonly Batch[] {
  const batches: [Asked, ...Asked[]][] = [];
  let room = 0;
  for (const one of asked) {
    const size = countQueries(one.origin);
    const last = batches.at(-1);
    if (last === undefined || size > room) {
      batches.push([one]);
      room = queriesPerCallMax;
    } else {
      last.push(one);
    }
    room -= size;
  }
  return batches;
}
