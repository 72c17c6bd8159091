// The shaded spans of a chart in words, for those who do not see them.

import { sayBoth, sayCount, sayTimesIn } from '../say.ts';
import type { Shade } from './shades.ts';

const words = {
  set: 'set',
  hold: 'held',
  pause: 'paused',
  freeze: 'frozen',
  prewarm: 'launched ahead of need',
} as const satisfies Readonly<Record<Shade['kind'], string>>;

export function sayShade({ from, kind, label, to }: Shade, now: number): string {
  const end = to === null ? 'on' : `to ${sayBoth(to, now)}`;
  return `From ${sayBoth(from, now)} ${end}, ${words[kind]}: ${sayTimesIn(label, now)}`;
}

/** ` Launched ahead of need 2 times, paused once.`; empty where nothing is shaded. */
export function countShades(shades: readonly Shade[]): string {
  const counts = new Map<Shade['kind'], number>();
  for (const { kind } of shades) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (counts.size === 0) return '';
  const said = [...counts].map(([kind, count]) => {
    return `${words[kind]} ${count === 1 ? 'once' : sayCount(count, 'time')}`;
  });
  const [first = '', ...others] = said;
  return ` ${[first.charAt(0).toUpperCase() + first.slice(1), ...others].join(', ')}.`;
}
