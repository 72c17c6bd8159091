// How long a launch takes until it is of use, learned from launches.

/** Before the first one has been seen: what a plain Linux image takes, on the long side. */
const firstLeadMs = 180_000;
/** The newest launches count; of them the upper quarter, for being late costs more than early. */
const samplesKept = 16;
const upperShare = 0.75;
const leadMsMin = 10_000;
/** Longer leads cannot be looked back upon: see the ring of the outlook. */
const leadMsMax = 580_000;

/** Only this file changes it. */
export interface LeadEstimate {
  readonly samples: number[];
  leadMs: number;
}

export function createLeadEstimate(): LeadEstimate {
  return { samples: [], leadMs: firstLeadMs };
}

/** Enters one launch that came to be of use, `tookMs` after it was asked for. */
export function observeLead(estimate: LeadEstimate, tookMs: number): void {
  const { samples } = estimate;
  if (samples.length >= samplesKept) samples.shift();
  samples.push(Math.min(leadMsMax, Math.max(leadMsMin, tookMs)));
  const sorted = samples.toSorted((one, other) => one - other);
  estimate.leadMs = sorted[Math.floor((sorted.length - 1) * upperShare)] ?? firstLeadMs;
}

/** What one has learned, for one that has learned nothing yet. */
export function takeOverLead(from: LeadEstimate, to: LeadEstimate): void {
  to.samples.push(...from.samples);
  to.leadMs = from.leadMs;
}
