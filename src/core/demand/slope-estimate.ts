// How fast demand rises or falls at present.

/** Half a minute and two minutes of blocks. */
const quickBlocks = 3;
const steadyBlocks = 12;

/** Only this file changes it. NaN at first. */
export interface SlopeEstimate {
  quickMean: number;
  steadyMean: number;
}

export function createSlopeEstimate(): SlopeEstimate {
  return { quickMean: Number.NaN, steadyMean: Number.NaN };
}

/**
 * Takes in a block's demand; returns by how much demand changes from block to block. Exponential means
 * lag behind a line by their lengths, so two of them part by its slope times the difference: on
 * 10, 12, 14, … they come to 2 apart for each block. 0 at first.
 */
export function followSlope(estimate: SlopeEstimate, demand: number): number {
  if (Number.isNaN(estimate.quickMean)) {
    estimate.quickMean = demand;
    estimate.steadyMean = demand;
  }
  estimate.quickMean += (demand - estimate.quickMean) / quickBlocks;
  estimate.steadyMean += (demand - estimate.steadyMean) / steadyBlocks;
  return (estimate.quickMean - estimate.steadyMean) / (steadyBlocks - quickBlocks);
}
