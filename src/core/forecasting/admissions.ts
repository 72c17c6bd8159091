// The admissions of one forecaster: models taken up, stages opened and closed by what the horizons have
// scored. When an expert is admitted is in `admission.ts`.

import {
  createAdmission,
  failFit,
  firstFitAfter,
  isFitDue,
  isJudgementDue,
  judge,
  keptPerDay,
  restartTrial,
  takeFit,
  type Admission,
} from './admission.ts';
import type { BlockHistory } from './block-history.ts';
import type { Expert } from './experts/expert.ts';
import { fittedNames, type FittedExpert, type FittedName } from './experts/fitted-expert.ts';
import type { StageTerms } from './fitted-stages.ts';
import type { Horizon } from './horizon.ts';

export interface Admissions {
  readonly stages: StageTerms;
  /** In the order of the stages. */
  all(): readonly Admission[];
  /** The expert that waits longest for a fit, and since when; null: none does. */
  findDue(): { readonly name: FittedName; readonly since: number } | null;
  /** Takes up a packed model. */
  adopt(name: FittedName, packed: Float64Array): void;
  /** There is no model this time. */
  decline(name: FittedName, problem: string): void;
  /** After a block was learnt from. */
  judge(block: number): void;
}

/** Fewer outcomes of a horizon say nothing; most have 288 a day. */
const outcomesMin = 100;

export function createAdmissions(
  experts: readonly (Expert | FittedExpert)[],
  given: {
    readonly admitsAtOnce: boolean;
    readonly from: readonly Admission[] | undefined;
    readonly horizons: () => readonly Horizon[];
    readonly history: BlockHistory;
  },
): Admissions {
  const { admitsAtOnce, from, horizons, history } = given;
  const fitted = experts.filter((expert) => 'adopt' in expert);
  const admissions = fitted.map(({ name }, stage): Admission => {
    const fresh = createAdmission(name);
    return from?.[stage] ?? (admitsAtOnce ? { ...fresh, phase: 'admitted' } : fresh);
  });
  const isAdmitted = (stage: number): boolean => admissions[stage]?.phase === 'admitted';

  const resetStage = (stage: number): void => {
    for (const { channel } of horizons()) channel.resetStage(stage);
  };

  /** What later stages are mixed into has changed. */
  const restartAfter = (stage: number, block: number): void => {
    for (let later = stage + 1; later < admissions.length; later += 1) {
      const admission = admissions[later];
      if (admission === undefined) continue;
      for (const { channel } of horizons()) channel.fadeLosses(later, 0);
      admissions[later] = restartTrial(admission, block);
    }
  };

  /** 1 − the geometric mean over horizons of loss with it / loss without it. */
  const measureGain = (stage: number): number | null => {
    const logs = horizons().flatMap(({ channel }) => {
      const losses = channel.lossesOf(stage);
      if (losses.outcomes < outcomesMin || !(losses.without > 0)) return [];
      return Math.log(Math.max(1e-9, losses.with / losses.without));
    });
    if (logs.length === 0) return null;
    return 1 - Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  };

  const change = (
    name: FittedName,
    to: (admission: Admission, block: number) => Admission,
  ): void => {
    const stage = fittedNames.indexOf(name);
    const admission = admissions[stage];
    if (admission !== undefined) admissions[stage] = to(admission, history.newest());
  };

  return {
    stages: { count: fitted.length, isAdmitted },
    all: () => admissions.slice(),
    findDue: () => {
      const block = history.newest();
      const isLongEnough = history.oldest() >= 0 && block - history.oldest() >= firstFitAfter;
      if (!isLongEnough || horizons().length === 0) return null;
      const due = admissions.filter((admission) => isFitDue(admission, block));
      const [first] = due.toSorted((one, other) => one.nextFitAt - other.nextFitAt);
      return first === undefined ? null : { name: first.name, since: first.nextFitAt };
    },
    adopt: (name, packed) => {
      fitted.find((expert) => expert.name === name)?.adopt(packed);
      change(name, (admission, block) => {
        const taken = takeFit(admission, block);
        if (taken.phase !== admission.phase) resetStage(fittedNames.indexOf(name));
        return taken;
      });
    },
    decline: (name, problem) => {
      change(name, (admission, block) => failFit(admission, problem, block));
    },
    judge: (block) => {
      if (admitsAtOnce) return;
      for (const [stage, admission] of admissions.entries()) {
        if (!isJudgementDue(admission, block)) continue;
        const judged = judge(admission, measureGain(stage), block);
        admissions[stage] = judged;
        if (judged.phase === 'admitted') {
          for (const { channel } of horizons()) channel.fadeLosses(stage, keptPerDay);
        }
        if (judged.phase === 'refused') fitted[stage]?.adopt(new Float64Array(0));
        const isJoining = judged.phase === 'admitted' || admission.phase === 'admitted';
        if (isJoining && judged.phase !== admission.phase) restartAfter(stage, block);
      }
    },
  };
}
