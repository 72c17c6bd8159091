// One group, asked for whole and then kept as the events tell. What the events do not tell (a queue,
// say) is asked for again now and then.

import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { groupPath } from '../ask.ts';
import type { GroupAnswer } from '../contract.ts';
import type { Page } from '../page.ts';
import type { Loading } from './loaded.tsx';

const againMs = 5000;

export function useGroup(page: Page, name: string): ReadonlySignal<Loading<GroupAnswer>> {
  const asked = useSignal<Loading<GroupAnswer>>({ kind: 'loading' });
  const { connection, group, restarts } = page.live;
  useEffect(() => {
    let isWanted = true;
    const load = async (): Promise<void> => {
      const answer = await page.ask<GroupAnswer>(groupPath(name));
      if (!isWanted) return;
      if (answer.kind !== 'unreachable') page.live.watch(answer.kind === 'answered' ? name : null);
      // What was there stays while the controller cannot be reached: the banner tells.
      if (answer.kind === 'unreachable' && asked.value.kind === 'answered') return;
      asked.value = answer;
    };
    void load();
    const timer = setInterval(() => {
      const isPartial = asked.value.kind === 'answered' && asked.value.value.queue !== undefined;
      // It may be gone, which a stream that cannot be opened does not tell.
      const isLost = connection.value.kind === 'lost';
      if (isPartial || isLost || asked.value.kind !== 'answered') void load();
    }, againMs);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [page, name, restarts.value]);
  return useComputed(() => {
    const told = group.value;
    const base = asked.value;
    if (told === null || told.name !== name) return base;
    const before = base.kind === 'answered' ? base.value : null;
    return { kind: 'answered', value: before === null ? told : { ...before, ...told } };
  });
}
