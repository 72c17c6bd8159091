// What an instance is, said once and kept by the broker (retained): online with its facts,
// draining, offline after a clean stop, or lost (the last will, published by the broker itself).

import { accept, reject, type Parsed } from './rejection.ts';
import { parseJsonObject, payloadBytesMax } from './report.ts';

export const instanceStates = ['online', 'draining', 'offline', 'lost'] as const;
export type InstanceState = (typeof instanceStates)[number];

/** The payload of `…/status`, as JSON, retained. */
export interface InstanceStatus {
  readonly state: InstanceState;
  /** The agent's session: a `lost` of an older session than the newest report is old news. */
  readonly session?: string;
  readonly agentVersion?: string;
  readonly intervalMs?: number;
  readonly instanceType?: string;
  readonly zone?: string;
  /** `on-demand`, `spot` or `scheduled`, as the instance metadata says. */
  readonly lifeCycle?: string;
}

const textLengthMax = 128;

/** Reads a payload from the network. An empty one (a cleared retained message) is `offline`. */
export function parseStatus(text: string): Parsed<InstanceStatus> {
  if (text === '') return accept({ state: 'offline' });
  if (text.length > payloadBytesMax) return reject('oversized');
  const body = parseJsonObject(text);
  if (body === null) return reject('malformed');
  const state = instanceStates.find((known) => known === body['state']);
  if (state === undefined) return reject('wrong-type');
  const facts: Record<string, string> = {};
  for (const name of ['session', 'agentVersion', 'instanceType', 'zone', 'lifeCycle'] as const) {
    const fact = body[name];
    if (fact === undefined) continue;
    if (typeof fact !== 'string') return reject('wrong-type');
    if (fact.length > textLengthMax) return reject('out-of-range');
    facts[name] = fact;
  }
  const intervalMs = body['intervalMs'];
  if (intervalMs === undefined) return accept({ state, ...facts });
  if (typeof intervalMs !== 'number') return reject('wrong-type');
  if (!Number.isFinite(intervalMs)) return reject('not-finite');
  return intervalMs < 0 ? reject('negative') : accept({ state, ...facts, intervalMs });
}
