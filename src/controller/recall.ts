// What a recorded decision was made of, from the journal: the last snapshot before it, gone on from
// entry by entry. For people who ask; nothing in a tick waits for it.

import type { DecisionInput } from '../core/decision-input.ts';
import { beginReplay, replayEntry } from '../core/replay.ts';
import type { EpochMs } from '../core/time.ts';
import type { Journal, JournalEntry, StoreOutcome } from './ports/store.ts';

type Tick = JournalEntry & { readonly kind: 'tick' };

export interface Recalled {
  readonly tick: Tick;
  /** Null where the journal lacks something: it begins later, or has a gap. */
  readonly input: DecisionInput | null;
}

/** More than lie between two snapshots, even at ten early ticks a second. */
const entriesMax = 20_000;

/** The newest tick of a group that is not after `at`. Null: none is recorded. */
export async function recallTick(
  journal: Journal,
  group: string,
  at: EpochMs,
): Promise<StoreOutcome<Recalled | null>> {
  const found = await readNewest(journal, { group, kind: 'tick', to: at + 1 });
  if (!found.ok) return found;
  const tick = found.value;
  if (tick?.kind !== 'tick') return { ok: true, value: null };
  const { controller } = tick;
  const snapshot = await readNewest(journal, {
    group,
    kind: 'snapshot',
    to: tick.at + 1,
    controller,
  });
  if (!snapshot.ok) return snapshot;
  if (snapshot.value === null) return { ok: true, value: { tick, input: null } };
  const from = snapshot.value.at;
  const config = await readNewest(journal, { group, kind: 'config', to: from + 1 });
  if (!config.ok) return config;
  const order = 'oldest-first';
  const since = await journal.read({ group, from, to: tick.at + 1, order, limit: entriesMax });
  if (!since.ok) return since;
  const own = since.value.filter((entry) => entry.controller === controller);
  return { ok: true, value: { tick, input: goOn(tick, config.value, own) } };
}

function goOn(
  tick: Tick,
  config: JournalEntry | null,
  since: readonly JournalEntry[],
): DecisionInput | null {
  let replay = beginReplay(config?.kind === 'config' ? config.config : null);
  let input: DecisionInput | null = null;
  for (const entry of since) {
    if (entry.kind === 'tick' && entry.at === tick.at) {
      const { group, state: before } = replay;
      const { at, observation } = entry;
      input = group === null || before === null ? null : { group, before, observation, at };
    }
    replay = replayEntry(replay, entry);
  }
  return input;
}

/** Snapshots of other controllers that may lie before one's own. */
const othersMax = 16;

/** Of any controller, or of the one that is named. */
async function readNewest(
  journal: Journal,
  query: {
    readonly group: string;
    readonly kind: JournalEntry['kind'];
    readonly to: EpochMs;
    readonly controller?: string | undefined;
  },
): Promise<StoreOutcome<JournalEntry | null>> {
  const { group, kind, to } = query;
  const isOfOne = 'controller' in query;
  const limit = isOfOne ? othersMax : 1;
  const asked = { group, from: 0, to, kinds: [kind], order: 'newest-first', limit } as const;
  const found = await journal.read(asked);
  if (!found.ok) return found;
  const fitting = found.value.find((one) => !isOfOne || one.controller === query.controller);
  return { ok: true, value: fitting ?? null };
}
