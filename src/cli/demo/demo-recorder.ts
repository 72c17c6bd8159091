// Watches the demo, once a second of its time: what the live view draws, and what is summed up at
// the end.

import type { CancelTimer } from '../../controller/ports/clock.ts';
import type { GroupStatus } from '../../controller/ports/control.ts';
import type { Counters } from '../../controller/counters.ts';
import type { ChartPoint } from './chart.ts';
import { instanceCapacity } from './demo-load.ts';
import type { RunningDemo } from './demo.ts';
import { machineGroup } from './demo-config.ts';
import type { ViewGroup, ViewSnapshot } from './terminal-view.ts';

const watchEveryMs = 1000;
/** One point of the chart stands for this much of the demo's time. */
const chartEveryMs = 30_000;
const pointsMax = 400;
const decisionsMax = 20;

/** Durations are of the demo's time, but for `reactionMs`, which is real. */
export interface DemoSummary {
  readonly reportsReceived: number;
  readonly decisions: {
    readonly scaleOut: number;
    readonly scaleIn: number;
    readonly hold: number;
  };
  readonly desired: { readonly min: number | null; readonly max: number | null };
  readonly reactionMs: { readonly p50: number | null; readonly p99: number | null };
  readonly refusals: number;
  readonly ticksSkipped: number;
}

interface SeenDecision {
  readonly at: number;
  readonly time: string;
  readonly sentence: string;
}

export class DemoRecorder {
  readonly #running: RunningDemo;
  readonly #points: ChartPoint[] = [];
  readonly #decisions = new Map<string, SeenDecision[]>();
  #desired: { min: number; max: number } | null = null;
  #pointAt = 0;
  #cancel: CancelTimer | null = null;

  constructor(running: RunningDemo) {
    this.#running = running;
  }

  start(): void {
    this.#watch();
    this.#cancel = this.#running.clock.after(watchEveryMs, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** Of the simulated group, but for the reports, which are all that came. */
  summarise(): DemoSummary {
    const { counters } = this.#running.simulated.controller;
    const machine = this.#running.machine.controller.counters;
    return {
      reportsReceived: counters.reportsReceived + machine.reportsReceived,
      decisions: {
        scaleOut: counters.decisions['scale-out'],
        scaleIn: counters.decisions['scale-in'],
        hold: counters.decisions.hold,
      },
      desired: { min: this.#desired?.min ?? null, max: this.#desired?.max ?? null },
      reactionMs: {
        p50: round(counters.reactionMs.quantile(0.5)),
        p99: round(counters.reactionMs.quantile(0.99)),
      },
      refusals: countRefusals(counters),
      ticksSkipped: counters.ticksSkipped,
    };
  }

  snapshot(speed: number): ViewSnapshot {
    const { fleet, simulated, machine, notices, httpAddress } = this.#running;
    const { counters } = simulated.controller;
    const unserved = Math.round(fleet.unservedRatio * 100);
    const reaction = round(counters.reactionMs.quantile(0.5));
    const facts = [
      `model time ${clockTime(this.#running.clock.now())} (${speed} times as fast)`,
      `${Math.round(fleet.demand)} requests/s`,
      `${unserved}% without capacity`,
      `${counters.reportsReceived} reports`,
      reaction === null ? 'no change yet' : `report to answer of AWS ${reaction} ms`,
    ];
    const note = '█ demand  ━ capacity in service  (red: demand above it)';
    const [web] = simulated.read.groups();
    const [own] = machine.read.groups();
    return {
      title: 'Foretide demo: an embedded broker, a local cloud, and agents that really publish',
      facts,
      groups: [
        ...(web === undefined ? [] : [this.#toView(web, note, this.#points)]),
        ...(own === undefined ? [] : [this.#toView(own, 'this machine, at its own pace', [])]),
      ],
      footer: [`Ctrl-C ends it; ${httpAddress}/metrics`, ...notices].join('; '),
    };
  }

  #watch(): void {
    const [web] = this.#running.simulated.read.groups();
    const [own] = this.#running.machine.read.groups();
    for (const group of [web, own]) if (group !== undefined) this.#noteDecision(group);
    if (web?.desired === undefined || web.desired === null) return;
    this.#desired = {
      min: Math.min(this.#desired?.min ?? web.desired, web.desired),
      max: Math.max(this.#desired?.max ?? web.desired, web.desired),
    };
    const now = this.#running.clock.now();
    if (now < this.#pointAt) return;
    this.#pointAt = now + chartEveryMs;
    const capacity = web.inService * instanceCapacity;
    this.#points.push({ demand: this.#running.fleet.demand, capacity });
    if (this.#points.length > pointsMax) this.#points.shift();
  }

  #noteDecision({ name, lastDecision }: GroupStatus): void {
    if (lastDecision === null) return;
    const seen = this.#decisions.get(name) ?? [];
    const { decision, explanation } = lastDecision;
    if (seen[0]?.at === decision.at) return;
    const time = clockTime(decision.at);
    seen.unshift({ at: decision.at, time, sentence: explanation.summary });
    seen.length = Math.min(seen.length, decisionsMax);
    this.#decisions.set(name, seen);
  }

  /** Of a group whose policies do not look at it themselves. */
  #meanCpu(name: string): number | null {
    const { simulated, clock } = this.#running;
    const group = simulated.controller.groups.get(name);
    const values = [...(group?.fleet.freshValues('cpu', clock.now()) ?? [])];
    if (values.length === 0) return null;
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  #toView(group: GroupStatus, note: string, points: readonly ChartPoint[]): ViewGroup {
    const { name, mode, desired, inService, pending, terminating, silent, signals, now } = group;
    const cpu = Object.entries(signals).find(([key]) => key.includes('(cpu)'));
    return {
      name,
      mode,
      note,
      cpuRatio: cpu?.[1].value ?? this.#meanCpu(name),
      desired,
      inService,
      pending,
      terminating,
      silent,
      points,
      decisions: this.#decisions.get(name) ?? [],
      now: now?.explanation.summary ?? `waiting for the first description of ${machineGroup}`,
    };
  }
}

function countRefusals({ actuations }: Counters): number {
  return actuations.refused + actuations.unknown;
}

/** As `why --at` takes it: the group's own clock, in local time. */
function clockTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

function round(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
