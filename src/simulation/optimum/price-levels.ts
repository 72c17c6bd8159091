// The dynamic programme over the runs of every level, at one price of unserved work.
import type { Levels, PricedPlan, SwitchCosts } from './levels.ts';

/** A plan with its launches; those that it begins with are free, and count for nothing. */
export interface PricedLevels extends PricedPlan {
  readonly starts: number;
}

/** Both ways a level can end, with the work that each leaves unserved and its starts. */
interface LevelCosts {
  off: number;
  on: number;
  offWork: number;
  onWork: number;
  offStarts: number;
  onStarts: number;
}

/**
 * The cheapest plan where a unit of unserved work costs `price` instance-seconds: per level and
 * block off = min(off, on + stop) + price · e and on = min(on, off + start) + seconds. A level
 * begins in the cheaper state, free of charge, and ends in either. At a price of `Infinity` the
 * plan serves everything (its value is infinite where the largest group cannot).
 */
export function priceLevels(levels: Levels, costs: SwitchCosts, price: number): PricedLevels {
  let value = levels.alwaysOnSeconds;
  let unservedWork = levels.unreachableWork;
  let starts = 0;
  const level: LevelCosts = { off: 0, on: 0, offWork: 0, onWork: 0, offStarts: 0, onStarts: 0 };
  for (let index = 0; index + 1 < levels.firstRun.length; index += 1) {
    priceLevel(levels, index, { ...costs, price }, level);
    const endsOff = level.off <= level.on;
    value += endsOff ? level.off : level.on;
    unservedWork += endsOff ? level.offWork : level.onWork;
    starts += endsOff ? level.offStarts : level.onStarts;
  }
  if (price === Number.POSITIVE_INFINITY) {
    const isServed = unservedWork === 0;
    return { value: isServed ? value : price, cost: value, unservedWork, starts };
  }
  value += price * levels.unreachableWork;
  return { value, cost: value - price * unservedWork, unservedWork, starts };
}

/**
 * A run of m blocks with one excess takes constant time. After its first block the cheaper state
 * never gives up: the dearer one either stays to the end or leaves at the last possible moment,
 * because every block spent in the cheaper state is a gain and the switch costs the same anywhere.
 */
function priceLevel(
  levels: Levels,
  index: number,
  costs: SwitchCosts & { readonly price: number },
  result: LevelCosts,
): void {
  const { blocks, excess, firstRun, blockSeconds } = levels;
  const { startSeconds, stopSeconds, price } = costs;
  const end = firstRun[index + 1] ?? 0;
  let off = 0;
  let on = 0;
  let offWork = 0;
  let onWork = 0;
  let offStarts = 0;
  let onStarts = 0;
  for (let run = firstRun[index] ?? 0; run < end; run += 1) {
    const work = (excess[run] ?? 0) * blockSeconds;
    // 0 × Infinity is not a number.
    const offPrice = work === 0 ? 0 : price * work;
    const more = (blocks[run] ?? 1) - 1;
    const stopped = on + stopSeconds;
    const started = off + startSeconds;
    const staysOff = off <= stopped;
    const staysOn = on <= started;
    const offWorkNow = (staysOff ? offWork : onWork) + work;
    const onWorkNow = staysOn ? onWork : offWork;
    const onStartsNow = staysOn ? onStarts : offStarts + 1;
    offStarts = staysOff ? offStarts : onStarts;
    onStarts = onStartsNow;
    off = (staysOff ? off : stopped) + offPrice;
    on = (staysOn ? on : started) + blockSeconds;
    offWork = offWorkNow;
    onWork = onWorkNow;
    if (more === 0) continue;
    if (offPrice >= blockSeconds) {
      const stay = off + offPrice * more;
      const leave = on + blockSeconds * (more - 1) + stopSeconds + offPrice;
      offWork = stay <= leave ? offWork + work * more : onWork + work;
      offStarts = stay <= leave ? offStarts : onStarts;
      off = stay <= leave ? stay : leave;
      on += blockSeconds * more;
    } else {
      const stay = on + blockSeconds * more;
      const leave = off + offPrice * (more - 1) + startSeconds + blockSeconds;
      onWork = stay <= leave ? onWork : offWork + work * (more - 1);
      onStarts = stay <= leave ? onStarts : offStarts + 1;
      on = stay <= leave ? stay : leave;
      off += offPrice * more;
      offWork += work * more;
    }
  }
  result.off = off;
  result.on = on;
  result.offWork = offWork;
  result.onWork = onWork;
  result.offStarts = offStarts;
  result.onStarts = onStarts;
}
