// Sees all that passes between a controller and what surrounds it, keeps what is true, and holds each
// step to the rules. The controller never sees the witness.

import type { TargetDescription } from '../../controller/ports/scaling-target.ts';
import type { JournalEntry } from '../../controller/ports/store.ts';
import type { Actuation, CallOutcome } from '../../core/decision.ts';
import { beginReplay, replayEntry } from '../../core/replay.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { ActLedger, type DecidedAct } from './act-ledger.ts';
import type { Life } from './life.ts';
import { SampleRecord } from './sample-record.ts';
import { swarmStartMs, type Scenario } from './scenario.ts';
import type { Sample } from './swarm-broker.ts';
import type { StoreWitness } from './swarm-store.ts';
import type { TargetWitness } from './swarm-target.ts';
import { judgeTick } from './tick-rules.ts';
import type { Rule, Violation } from './violation.ts';

/** Of each rule only the first violations are kept: the rest follows from them. */
const violationsPerRuleMax = 3;
/** Lines of a trace that are kept. */
const traceLinesMax = 100_000;

export interface WitnessOptions {
  readonly scenario: Scenario;
  readonly clock: VirtualClock;
  readonly isConnected: () => boolean;
  readonly isTraced: boolean;
}

export class Witness implements StoreWitness, TargetWitness {
  readonly violations: Violation[] = [];
  readonly trace: string[] = [];
  /** What is on the disk, in the order of writing. */
  readonly durable: JournalEntry[] = [];
  readonly #options: WitnessOptions;
  readonly #ledger = new ActLedger();
  readonly #samples = new SampleRecord();
  #life: Life | null = null;
  #description: TargetDescription | null = null;
  #describedAtMs = Number.NEGATIVE_INFINITY;
  #inServiceSince = new Map<string, number>();
  #inServiceMax = 0;
  /** When an outcome became unknown, by the true clock, unless the group was described since. */
  #unknownSinceMs: number | null = null;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  get #nowMs(): number {
    return this.#options.clock.now();
  }

  get description(): TargetDescription | null {
    return this.#description;
  }

  begin(life: Life): void {
    this.#life = life;
    this.note(`${life.name} starts, its clock at ${life.clock.now() - swarmStartMs}`);
  }

  died(): void {
    this.note('the controller dies');
    if (this.#ledger.findOpen() !== undefined) this.#unknownSinceMs = this.#nowMs;
    this.#description = null;
    this.#inServiceSince = new Map();
  }

  recovering(isRemembered: boolean): void {
    this.#ledger.restart(this.#life?.clock.now() ?? 0, isRemembered);
  }

  heard(sample: Sample): void {
    this.#samples.add(sample, this.#nowMs);
  }

  appending(entries: readonly JournalEntry[]): void {
    const { scenario, isConnected } = this.#options;
    const { group, readCalendar, staleAfterMs, reportEveryMs } = scenario;
    for (const entry of entries) {
      if (entry.kind !== 'tick') continue;
      const { decision, observation } = entry;
      const truth = {
        group,
        readCalendar,
        staleAfterMs,
        reportEveryMs,
        nowMs: this.#nowMs,
        isConnected: isConnected(),
        description: this.#description,
        describedAtMs: this.#describedAtMs,
        inServiceSince: this.#inServiceSince,
        inServiceMax: this.#inServiceMax,
        samples: this.#samples,
        ledger: this.#ledger,
      };
      judgeTick(observation, decision, truth, (rule, detail) => this.accuse(rule, detail));
      if (decision.acts) this.#ledger.decide(decision);
      this.#noteTick(entry);
    }
  }

  appended(
    entries: readonly JournalEntry[],
    { isDurable, isTold }: { readonly isDurable: boolean; readonly isTold: boolean },
  ): void {
    if (!isTold) this.note(`an append fails${isDurable ? ', though written' : ''}`);
    for (const entry of entries) {
      if (isDurable) this.durable.push(entry);
      const isOutcome = entry.kind === 'actuation';
      if (!isOutcome && entry.kind !== 'tick') continue;
      const act = this.#ledger.find(isOutcome ? entry.decisionAt : entry.decision.at);
      if (act === undefined) continue;
      if (!isOutcome) {
        act.isDurable ||= isDurable;
        act.isRefusedByStore ||= !isTold;
        continue;
      }
      act.isOutcomeDurable ||= isDurable;
      if (act.actuation !== null && act.actuation.kind !== entry.actuation.kind) {
        const told = `${act.actuation.kind}, journalled as ${entry.actuation.kind}`;
        this.accuse('false-outcome', `told ${told}`);
      }
    }
  }

  described(description: TargetDescription, askedAtMs: number): void {
    if (askedAtMs < this.#describedAtMs && this.#description !== null) return;
    this.#description = description;
    this.#describedAtMs = askedAtMs;
    const before = this.#inServiceSince;
    const serving = description.instances.filter(({ phase }) => phase === 'in-service');
    this.#inServiceSince = new Map(serving.map(({ id }) => [id, before.get(id) ?? askedAtMs]));
    this.#inServiceMax = Math.max(this.#inServiceMax, serving.length);
    if (this.#unknownSinceMs !== null && askedAtMs >= this.#unknownSinceMs) {
      this.#unknownSinceMs = null;
    }
  }

  setting(desired: number): void {
    this.note(`call: set ${desired}`);
    if (this.#ledger.findOpen() !== undefined) {
      this.accuse('overlapping-acts', `${desired} asked for before the last call was answered`);
    }
    if (this.#unknownSinceMs !== null) {
      this.accuse('acted-on-unknown', `${desired} asked for, the group not described since`);
    }
    const act = this.#ledger.findUncalled(desired);
    if (act === undefined) return this.accuse('undecided-act', `${desired} asked for`);
    this.#called(act, `${desired}`);
  }

  cancelling(instance: string): void {
    this.note(`call: cancel ${instance}`);
    const act = this.#ledger.findCancelling(instance);
    const open = this.#ledger.findOpen();
    if (open !== undefined && open !== act) {
      this.accuse('overlapping-acts', `${instance} cancelled before the last act was answered`);
    }
    if (this.#unknownSinceMs !== null && act?.isCalled !== true) {
      this.accuse('acted-on-unknown', `${instance} cancelled, the group not described since`);
    }
    if (act === undefined) return this.accuse('undecided-act', `${instance} cancelled`);
    this.#called(act, `the end of ${instance}`);
  }

  cancelled(instance: string, outcome: CallOutcome): void {
    const code = outcome.kind === 'refused' ? ` ${outcome.code}` : '';
    this.note(`answer: cancel ${instance} ${outcome.kind}${code}`);
    if (outcome.kind === 'unknown') this.#unknownSinceMs = this.#nowMs;
    const act = this.#ledger.findCancelling(instance);
    if (act === undefined) return;
    act.launches.set(instance, outcome);
    if (act.launches.size < (act.decision.cancels?.length ?? 0)) return;
    const launches = [...act.launches].map(([id, told]) => ({ instance: id, outcome: told }));
    this.#concluded(act, { kind: 'cancelled', launches });
  }

  #called(act: DecidedAct, what: string): void {
    act.isCalled = true;
    const isAllowed = act.isRefusedByStore && act.decision.kind === 'scale-out';
    if (act.isDurable || isAllowed) return;
    this.accuse('unjournalled-act', `${what} asked for before it was written down`);
  }

  #concluded(act: DecidedAct, actuation: Actuation): void {
    act.actuation = actuation;
    act.concludedAt = this.#life?.clock.now() ?? 0;
    act.concludedMs = this.#nowMs;
  }

  set(desired: number, actuation: CallOutcome): void {
    const code = actuation.kind === 'refused' ? ` ${actuation.code}` : '';
    this.note(`answer: set ${desired} ${actuation.kind}${code}`);
    if (actuation.kind === 'unknown') this.#unknownSinceMs = this.#nowMs;
    const act = this.#ledger.findOpen();
    if (act !== undefined) this.#concluded(act, actuation);
  }

  /** Decides once more about the whole journal. */
  replay(): void {
    let replay = beginReplay(null);
    for (const entry of this.durable) replay = replayEntry(replay, entry);
    const { differences, first } = replay.report;
    if (first === null) return;
    const { path, recorded, replayed, of, at } = first;
    const where = `${of} of ${at - swarmStartMs} ms: ${path}`;
    const what = `recorded ${JSON.stringify(recorded)}, replayed ${JSON.stringify(replayed)}`;
    this.accuse('replay-differs', `${differences} differences, first the ${where}: ${what}`);
  }

  accuse(rule: Rule, detail: string): void {
    this.note(`VIOLATION ${rule}: ${detail}`);
    const known = this.violations.filter((violation) => violation.rule === rule).length;
    if (known >= violationsPerRuleMax) return;
    this.violations.push({ rule, atMs: this.#nowMs - swarmStartMs, detail });
  }

  note(text: string): void {
    if (!this.#options.isTraced || this.trace.length >= traceLinesMax) return;
    this.trace.push(`${((this.#nowMs - swarmStartMs) / 1000).toFixed(3).padStart(9)} s  ${text}`);
  }

  #noteTick({ decision, observation, at }: JournalEntry & { readonly kind: 'tick' }): void {
    if (!this.#options.isTraced) return;
    const { kind, from, to, wanted, adjustments } = decision;
    const { fleet, signals, capacity } = observation;
    const reasons = adjustments.map(({ guardrail }) => guardrail).join(', ');
    const readings = Object.entries(signals).map(
      ([key, { value }]) => `${key} ${value.toFixed(3)}`,
    );
    const shown = `${capacity?.desired ?? '?'} (${capacity?.inService ?? '?'} in service)`;
    this.note(
      `tick ${at - swarmStartMs}: ${kind} ${from} → ${to}, wanted ${wanted}, AWS ${shown}, ` +
        `${fleet.reporting}/${fleet.expected} report, ${readings.join(' ')} [${reasons}]`,
    );
  }
}
