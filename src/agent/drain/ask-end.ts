// What is to become of this instance, from its metadata (Amazon EC2 Auto Scaling user guide, "Retrieve
// the target lifecycle state through instance metadata"; EC2 user guide, "Spot Instance interruption
// notices").

import { fetchToken, fetchValue } from '../instance-metadata.ts';

export type EndNotice =
  | { readonly kind: 'serve' }
  /** Is to end; why, in words. */
  | { readonly kind: 'end'; readonly why: string }
  /** Is to be taken out of service, and may come back. */
  | { readonly kind: 'aside'; readonly why: string };

/** Rejects where the metadata cannot be asked. */
export async function askEnd(endpoint: string): Promise<EndNotice> {
  const token = await fetchToken(endpoint);
  const state = await fetchValue(endpoint, token, 'autoscaling/target-lifecycle-state');
  if (state === 'Terminated') return { kind: 'end', why: 'Auto Scaling is to end this instance' };
  if (state === 'Standby' || state === 'Detached') {
    return { kind: 'aside', why: `Auto Scaling takes this instance out (${state})` };
  }
  const spot = await fetchValue(endpoint, token, 'spot/instance-action');
  return spot === null ? { kind: 'serve' } : { kind: 'end', why: 'Spot takes this instance back' };
}
