// Whether an expert that is fitted elsewhere has a part in a group's forecast: tried on what comes after
// its fit, admitted where the forecast with it is better, sent off again where that falls away. Time is in
// blocks from the epoch, so that the same past gives the same answers. It fits and forecasts nothing.
//
//     untried ──fitted──▶ on-trial ──gains 5 % over three days or more──▶ admitted
//                          ▲    │                                            │
//                   fitted │    │ a week without                             │ gains < 2.5 %
//         (after two weeks,│    ▼                                            │
//         then each four)  └─ refused ◀──────────────────────────────────────┘
//
// A fit that fails leaves the state as it is, and is made again later.

import type { FittedName } from './experts/fitted-expert.ts';
import { blocksPerDay, blocksPerWeek } from './levels.ts';

export type AdmissionPhase = 'untried' | 'on-trial' | 'admitted' | 'refused';

export interface Admission {
  readonly name: FittedName;
  readonly phase: AdmissionPhase;
  /** Block at which the phase began; -1 before the first fit. */
  readonly since: number;
  /** 1 − loss with it / loss without it, on what came after its fit; null: not known. */
  readonly gain: number | null;
  readonly judgedAt: number;
  /** A fit is due from this block on. */
  readonly nextFitAt: number;
  /** In a row. */
  readonly refusals: number;
  /** Of fits, in a row; and why the last one failed. */
  readonly failures: number;
  readonly problem: string | null;
}

/** What the ensemble's loss has to fall by. */
export const gainToJoin = 0.05;
/** Apart from that, so that an expert does not go to and fro. */
const gainToStay = 0.025;
/**
 * History before the first fit. Until a week has been seen no other expert knows the week's shape, and what
 * is gained on them by then is lost to them later.
 */
export const firstFitAfter = blocksPerWeek;
/**
 * A trial is judged each day from the third on: by then the horizons of a day have been scored on two days.
 * A week has all kinds of days.
 */
const trialDaysMin = 3;
const trialDaysMax = 7;
/** What is scored is remembered so many days, once admitted. */
const memoryDays = 4;
/** What a network learns changes slowly, and its fit is the dear one. */
const refitDays: Readonly<Record<FittedName, number>> = { arima: 7, lstm: 14 };
/** Two weeks after a refusal; after another one each four weeks. */
const retryDaysFirst = 14;
const retryDaysMax = 28;

/** Of the sums that gains are made of, what is left after a day. */
export const keptPerDay = 1 - 1 / memoryDays;

export function createAdmission(name: FittedName): Admission {
  return {
    name,
    phase: 'untried',
    since: -1,
    gain: null,
    judgedAt: -1,
    nextFitAt: 0,
    refusals: 0,
    failures: 0,
    problem: null,
  };
}

/** A fit is wanted at this block; not during a trial, which is of one model. */
export function isFitDue({ phase, nextFitAt }: Admission, block: number): boolean {
  return phase !== 'on-trial' && block >= nextFitAt;
}

/** A model is taken up: a trial begins, or an admitted expert has a newer one. */
export function takeFit(admission: Admission, block: number): Admission {
  const fitted = {
    ...admission,
    failures: 0,
    problem: null,
    nextFitAt: addDays(block, refitDays[admission.name]),
  };
  if (admission.phase === 'admitted' || admission.phase === 'on-trial') return fitted;
  return { ...fitted, phase: 'on-trial', since: block, judgedAt: block, gain: null };
}

/** Tried again after a day, two, four …, four weeks at most. */
export function failFit(admission: Admission, problem: string, block: number): Admission {
  const failures = admission.failures + 1;
  const days = Math.min(retryDaysMax, 1 << Math.min(10, failures - 1));
  return { ...admission, failures, problem, nextFitAt: addDays(block, days) };
}

/** Once a day, while there is something to judge. */
export function isJudgementDue({ phase, judgedAt }: Admission, block: number): boolean {
  return (phase === 'on-trial' || phase === 'admitted') && block >= addDays(judgedAt, 1);
}

/** `gain` null: too few outcomes. */
export function judge(admission: Admission, gain: number | null, block: number): Admission {
  const judged = { ...admission, gain, judgedAt: block };
  if (admission.phase === 'admitted') {
    return gain !== null && gain < gainToStay ? refuse(judged, block) : judged;
  }
  const days = Math.floor((block - admission.since) / blocksPerDay);
  if (days >= trialDaysMin && gain !== null && gain >= gainToJoin) {
    return { ...judged, phase: 'admitted', since: block, refusals: 0 };
  }
  return days >= trialDaysMax ? refuse(judged, block) : judged;
}

/** What it is measured against has changed: the trial begins again, on the model that there is. */
export function restartTrial(admission: Admission, block: number): Admission {
  if (admission.phase !== 'on-trial') return admission;
  return { ...admission, since: block, judgedAt: block, gain: null };
}

function refuse(admission: Admission, block: number): Admission {
  const days = admission.refusals === 0 ? retryDaysFirst : retryDaysMax;
  return {
    ...admission,
    phase: 'refused',
    since: block,
    refusals: admission.refusals + 1,
    nextFitAt: addDays(block, days),
  };
}

function addDays(block: number, days: number): number {
  return block + days * blocksPerDay;
}
