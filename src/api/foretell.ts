// What a wish would do to a group, in sentences, before it is given.

import type { GroupStatus } from '../controller/ports/control.ts';
import type { Mode } from '../core/group.ts';
import type { EpochMs } from '../core/time.ts';
import { tellTime } from './range.ts';
import type { Wish } from './steering.ts';

/** A wish in a few words, as the audit keeps it. */
export function tellWish(wish: Wish): string {
  if (wish.kind === 'end') return 'the policies decide again';
  if (wish.kind === 'mode') return `mode ${wish.mode} (${wish.why})`;
  const { override } = wish;
  const end = override.until === null ? 'until resumed' : `until ${tellTime(override.until)}`;
  switch (override.kind) {
    case 'set':
      return `set to ${override.desired} ${end} (${override.why})`;
    case 'hold':
      return `at least ${override.atLeast} ${end} (${override.why})`;
    case 'pause':
      return `paused ${end} (${override.why})`;
  }
}

export function foretell(status: GroupStatus, wish: Wish, now: EpochMs): string {
  switch (wish.kind) {
    case 'end':
      return foretellEnd(status);
    case 'mode':
      return foretellMode(status, wish.mode);
    case 'put':
      break;
  }
  const { override } = wish;
  const lasting = tellLasting(override.until, now);
  const { desired, name } = status;
  switch (override.kind) {
    case 'set':
      return `${tellMove(status, override.desired)}; ${lasting} it stays at ${override.desired}, whatever the policies recommend${tellPolicies(status)}`;
    case 'hold': {
      const move =
        desired !== null && desired >= override.atLeast
          ? `${name} has ${desired}, so nothing is added now`
          : tellMove(status, override.atLeast);
      return `${move}; ${lasting} it has at least ${override.atLeast}: the policies may add to that and remove down to it`;
    }
    case 'pause':
      return `${name} stays at ${desired ?? 'the size it has'}; ${lasting} nothing is added or removed, however much demand rises${tellPolicies(status)}`;
  }
}

function tellMove({ desired, name }: GroupStatus, size: number): string {
  if (desired === null) return `${name} is set to ${size}; what it has now is not known`;
  const count = Math.abs(size - desired);
  if (count === 0) return `${name} has ${desired} already, so nothing changes now`;
  const instances = count === 1 ? '1 instance' : `${count} instances`;
  const verb = size > desired ? `starts ${instances}` : `terminates ${instances}`;
  return `${name} goes from ${desired} to ${size} at once, which ${verb}`;
}

function tellLasting(until: EpochMs | null, now: EpochMs): string {
  if (until === null) return 'until someone resumes it,';
  return `for ${tellMinutes(until - now)}, until ${tellTime(until)},`;
}

function tellMinutes(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Number((ms / 60_000).toFixed(1))} min`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}

function tellPolicies({ now, overrides }: GroupStatus): string {
  if (now === null || overrides.some(({ kind }) => kind === 'set')) return '';
  return ` (now: ${now.decision.wanted})`;
}

function foretellEnd({ name, now, overrides }: GroupStatus): string {
  if (overrides.length === 0) return `nothing is in force on ${name}: its policies decide already`;
  const ended = overrides.map((override) => `${override.by}'s ${override.kind}`).join(' and ');
  const desires = now?.decision.recommendations.flatMap((one) =>
    one.kind === 'desired' && !one.reason.code.startsWith('override-') ? [one.desired] : [],
  );
  const largest = desires === undefined || desires.length === 0 ? null : Math.max(...desires);
  const told = largest === null ? '' : `; they recommend ${largest} now`;
  return `ends ${ended}: the policies of ${name} decide again at once, within its guardrails${told}`;
}

const modeWords: Readonly<Record<Mode, string>> = {
  observe: 'only records its signals: nothing is decided, nothing is changed',
  advise: 'decides and records, and changes nothing',
  'scale-out-only': 'adds instances and removes none',
  active: 'adds and removes instances',
};

/** How long a mode that is changed by hand holds, and the way back. */
export function describeModeEnd(status: GroupStatus, wanted: Mode): string {
  const configured = configuredMode(status);
  return wanted === configured
    ? 'as its config file says'
    : `also over restarts, until it is changed again or its config file says another mode than ${configured}; ${configured} is the way back`;
}

function configuredMode({ mode, modeByHand }: GroupStatus): Mode {
  return modeByHand?.configured ?? mode;
}

function foretellMode(status: GroupStatus, wanted: Mode): string {
  const { mode, name } = status;
  if (mode === wanted) return `${name} is in the mode ${mode} already`;
  const end = describeModeEnd(status, wanted);
  const lasts = wanted === configuredMode(status) ? end : `this lasts ${end}`;
  return `from the mode ${mode}, ${name} goes to ${wanted}: it ${modeWords[wanted]}; ${lasts}`;
}
