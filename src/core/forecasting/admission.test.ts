import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAdmission,
  failFit,
  gainToJoin,
  isFitDue,
  isJudgementDue,
  judge,
  takeFit,
  type Admission,
} from './admission.ts';
import { blocksPerDay } from './levels.ts';

const day = (count: number): number => 1000 + count * blocksPerDay;
const onTrial = takeFit(createAdmission('arima'), day(0));

/** A judgement each day, from the first day after the trial began. */
function judgeDays(from: Admission, gains: readonly (number | null)[], first = 1): Admission {
  return gains.reduce<Admission>((admission, gain, index) => {
    const block = day(first + index);
    return isJudgementDue(admission, block) ? judge(admission, gain, block) : admission;
  }, from);
}

describe('the admission of a fitted expert', () => {
  it('needs three days of a gain of 5 %', () => {
    expect(judgeDays(onTrial, [0.2, 0.2]).phase).toBe('on-trial');
    expect(judgeDays(onTrial, [0.2, 0.2, 0.05])).toMatchObject({ phase: 'admitted', gain: 0.05 });
    expect(judgeDays(onTrial, [0.2, 0.2, 0.049]).phase).toBe('on-trial');
    expect(judgeDays(onTrial, [0, 0, 0, 0, 0.06]).phase).toBe('admitted');
  });

  it('is refused after a week without, tried again after two weeks, then each four', () => {
    const refused = judgeDays(onTrial, [0, 0, 0, 0, 0, 0, 0.04]);
    expect(refused).toMatchObject({ phase: 'refused', gain: 0.04 });
    expect(isFitDue(refused, day(7 + 14) - 1)).toBe(false);
    expect(isFitDue(refused, day(7 + 14))).toBe(true);
    const again = takeFit(refused, day(21));
    expect(again).toMatchObject({ phase: 'on-trial', gain: null });
    const twice = judgeDays(again, [0, 0, 0, 0, 0, 0, 0], 22);
    expect(isFitDue(twice, day(28 + 28) - 1)).toBe(false);
    expect(isFitDue(twice, day(28 + 28))).toBe(true);
  });

  it('is refused where nothing could be measured in a week', () => {
    expect(
      judgeDays(
        onTrial,
        Array.from({ length: 7 }, () => null),
      ),
    ).toMatchObject({
      phase: 'refused',
      gain: null,
    });
  });

  it('ends where the gain falls away, not where it cannot be told', () => {
    const admitted = judgeDays(onTrial, [0.1, 0.1, 0.1]);
    expect(judgeDays(admitted, [0.03, null, 0.026], 4).phase).toBe('admitted');
    expect(judgeDays(admitted, [0.03, 0.024], 4).phase).toBe('refused');
  });

  it('has a newer model each week, a network each two', () => {
    const admitted = judgeDays(onTrial, [0.1, 0.1, 0.1]);
    expect(isFitDue(admitted, day(7) - 1)).toBe(false);
    expect(isFitDue(admitted, day(7))).toBe(true);
    expect(isFitDue(takeFit(admitted, day(7)), day(8))).toBe(false);
    const network = judgeDays(takeFit(createAdmission('lstm'), day(0)), [0.1, 0.1, 0.1]);
    expect(isFitDue(network, day(14) - 1)).toBe(false);
    expect(isFitDue(network, day(14))).toBe(true);
  });

  it('stays as it is where a fit fails, which is made again ever later', () => {
    const waits = Array.from({ length: 7 }).reduce<{ readonly days: number[]; at: Admission }>(
      ({ days, at }) => {
        const failed = failFit(at, 'too-many-gaps', day(0));
        return { days: [...days, (failed.nextFitAt - day(0)) / blocksPerDay], at: failed };
      },
      { days: [], at: createAdmission('lstm') },
    );
    expect(waits.days).toEqual([1, 2, 4, 8, 16, 28, 28]);
    expect(waits.at).toMatchObject({ phase: 'untried', problem: 'too-many-gaps' });
    expect(takeFit(waits.at, day(1))).toMatchObject({ phase: 'on-trial', problem: null });
  });

  it('is never had with less than 5 % on the day that it begins, whatever comes', () => {
    const anyGain = fc.option(fc.double({ min: -1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(anyGain, { maxLength: 60 }), (gains) => {
        let admission = onTrial;
        for (const [index, gain] of gains.entries()) {
          const block = day(1 + index);
          const before = admission.phase;
          if (isFitDue(admission, block)) admission = takeFit(admission, block);
          if (isJudgementDue(admission, block)) admission = judge(admission, gain, block);
          if (admission.phase !== 'admitted' || before === 'admitted') continue;
          expect(gain ?? 0).toBeGreaterThanOrEqual(gainToJoin);
        }
      }),
    );
  });
});
