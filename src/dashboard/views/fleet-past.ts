// Fetches what the small charts in sight showed before the page looked, once a group and a few at a
// time: five hundred groups are not asked for at once.

import { useEffect } from 'preact/hooks';
import type { SeriesAnswer, SeriesColumn } from '../contract.ts';
import { groupPath } from '../ask.ts';
import { sparkPointsMax } from '../fleet-history.ts';
import type { Page } from '../page.ts';

const atOnceMax = 4;
const pastMs = 900_000;

interface Queue {
  readonly asked: Set<string>;
  readonly waiting: string[];
  running: number;
}

const queues = new WeakMap<Page, Queue>();

export function usePast(page: Page, names: readonly string[]): void {
  useEffect(() => {
    const queue = queues.get(page) ?? { asked: new Set(), waiting: [], running: 0 };
    queues.set(page, queue);
    // What has scrolled out of sight need not be asked for any more.
    for (const name of queue.waiting.splice(0)) queue.asked.delete(name);
    for (const name of names) {
      if (queue.asked.has(name)) continue;
      queue.asked.add(name);
      queue.waiting.push(name);
    }
    while (queue.running < atOnceMax && queue.waiting.length > 0) void work(page, queue);
  }, [names.join('\n')]);
}

async function work(page: Page, queue: Queue): Promise<void> {
  queue.running += 1;
  for (let name = queue.waiting.shift(); name !== undefined; name = queue.waiting.shift()) {
    const query = `/series?from=-${pastMs}ms&points=${sparkPointsMax}`;
    const answer = await page.ask<SeriesAnswer>(groupPath(name, query));
    if (answer.kind !== 'answered') continue;
    const { demand, inService } = answer.value;
    // Without the steps at the end of which nothing is known yet.
    const end = 1 + Math.max(lastKnown(demand), lastKnown(inService));
    page.live.history.prepend(name, demand.slice(0, end), inService.slice(0, end));
  }
  queue.running -= 1;
}

function lastKnown(values: SeriesColumn): number {
  return values.findLastIndex((value) => value !== null);
}
