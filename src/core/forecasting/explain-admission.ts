// What became of an expert that is fitted elsewhere, in a sentence.

import type { EpochMs } from '../time.ts';
import { gainToJoin } from './admission.ts';
import type { FittedName } from './experts/fitted-expert.ts';
import type { FittedReport } from './report.ts';

const titles: Readonly<Record<FittedName, string>> = { arima: 'ARIMA', lstm: 'LSTM' };

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** As "ARIMA admitted, gains 7.2 %"; without a full stop. */
export function explainAdmission(report: FittedReport, now: EpochMs): string {
  const { name, problem } = report;
  const title = titles[name];
  if (problem === null) return `${title} ${describePhase(report, now)}`;
  const why = problems[problem] ?? problem;
  return `${title} ${describePhase(report, now)}; its last fit failed: ${why}${describeRetry(report, now)}`;
}

function describePhase(report: FittedReport, now: EpochMs): string {
  const { phase, gainRatio, since, problem } = report;
  switch (phase) {
    case 'untried':
      // With a problem, a fit was tried.
      return problem === null
        ? 'not tried yet: it needs a week of history, and its turn'
        : 'not tried yet';
    case 'on-trial':
      return `on trial for ${formatSpan(now - (since ?? now))}, ${describeGain(gainRatio)} so far (${needed})`;
    case 'admitted':
      return `admitted, ${describeGain(gainRatio)}`;
    case 'refused':
      // Where a fit failed since, the line ends with when.
      return `refused, ${describeGain(gainRatio)} (${needed})${problem === null ? describeRetry(report, now) : ''}`;
  }
}

const needed = `${formatPercent(gainToJoin)} are needed`;

function describeGain(gainRatio: number | null): string {
  if (gainRatio === null) return 'no gain measured';
  return gainRatio < 0 ? `loses ${formatPercent(-gainRatio)}` : `gains ${formatPercent(gainRatio)}`;
}

const problems: Readonly<Record<string, string>> = {
  'too-little-history': 'there is too little history',
  'too-many-gaps': 'the history has too many gaps',
  'not-finite': 'it came to no number',
  'took-too-long': 'it took too long',
  'thread-failed': 'its thread failed',
};

function describeRetry({ nextFitAt }: FittedReport, now: EpochMs): string {
  if (nextFitAt === null) return '';
  return nextFitAt <= now
    ? ', tried again soon'
    : `, tried again in ${formatSpan(nextFitAt - now)}`;
}

/** One digit, no zero behind it. */
function formatPercent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`;
}

function formatSpan(ms: number): string {
  if (ms >= 2 * dayMs) return `${Math.round(ms / dayMs)} days`;
  return ms < hourMs ? 'less than 1 h' : `${Math.round(ms / hourMs)} h`;
}
