// From decisions to acts: first into the journal, then to AWS, then back into the core. Nothing is
// done that has not been written down, except adding capacity while the journal fails.

import { explain, explainWarmPool } from '../core/explain.ts';
import type { Actuation, CallOutcome, Decision } from '../core/decision.ts';
import { decisionTopic } from '../wire/topics.ts';
import type { Counters } from './counters.ts';
import { DrainCaller } from './drain-caller.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Announcer } from './ports/announcer.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { ScalingTarget } from './ports/scaling-target.ts';
import type { Journal, JournalEntry } from './ports/store.ts';
import type { Telemetry } from './ports/telemetry.ts';

export interface ActorOptions {
  /** The controller's. */
  readonly id: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly target: ScalingTarget;
  readonly journal: Journal;
  readonly telemetry: Telemetry;
  readonly counters: Counters;
  readonly announcer?: Announcer;
  /** Told when the journal works again: what it missed is made up for by snapshots. */
  readonly onJournalHealed: () => void;
  /** Told when an act is over, so that the group is looked at again. */
  readonly onConcluded: (group: ManagedGroup) => void;
}

/** A decision on its way, and when the newest report behind it arrived by the real clock. */
export interface PendingAct {
  readonly group: ManagedGroup;
  readonly entry: JournalEntry & { readonly kind: 'tick' };
  readonly arrivedElapsedMs: number | null;
}

export class Actor {
  readonly #options: ActorOptions;
  readonly #drains: DrainCaller;
  #journalFailure: string | null = null;
  /** The last refusal said of each group: said again only when it changes. */
  readonly #said = new Map<ManagedGroup, string>();
  /** The same of warm pools. */
  readonly #poolRefusals = new WeakMap<ManagedGroup, string>();

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#drains = new DrainCaller(options);
  }

  get isJournalWritable(): boolean {
    return this.#journalFailure === null;
  }

  /** Journals one tick's decisions and carries them out. Resolves when all acts are over. */
  async carryOut(acts: readonly PendingAct[]): Promise<void> {
    const isRecorded = await this.journal(acts.map(({ entry }) => entry));
    if (isRecorded) for (const { group, entry } of acts) this.#drains.tell(group, entry.decision);
    await Promise.all(acts.map((act) => this.#carryOutOne(act, isRecorded)));
  }

  /** Appends, and says once when that begins to fail and once when it works again. */
  async journal(entries: readonly JournalEntry[]): Promise<boolean> {
    const { id, log, counters, journal } = this.#options;
    const appended = await journal.append(entries.map((entry) => ({ ...entry, controller: id })));
    const failure = appended.ok ? null : appended.message;
    if (failure !== null) counters.journalFailures += 1;
    if (failure !== null && this.#journalFailure === null) {
      log.write('error', `the journal cannot be written, so nothing is removed: ${failure}`);
    }
    const isHealed = failure === null && this.#journalFailure !== null;
    this.#journalFailure = failure;
    if (isHealed) {
      log.write('info', 'the journal can be written again');
      this.#options.onJournalHealed();
    }
    return appended.ok;
  }

  /** A pool is bounded before a scale-in, which would have AWS fill it, and filled after a scale-out. */
  async #carryOutOne(act: PendingAct, isRecorded: boolean): Promise<void> {
    const isLast = act.entry.decision.kind === 'scale-out';
    if (!isLast && isRecorded) await this.#keepWarmPool(act);
    await this.#changeSize(act, isRecorded);
    if (isLast && isRecorded) await this.#keepWarmPool(act);
  }

  async #keepWarmPool({ group, entry: { decision } }: PendingAct): Promise<void> {
    const { warmPool } = decision;
    if (warmPool?.kind !== 'put' || warmPool.to === null) return;
    const { target, log, counters } = this.#options;
    const { name } = group.group;
    const said = explainWarmPool(warmPool, decision.at);
    if (!warmPool.acts || !this.#poolRefusals.has(group)) log.write('info', `${name}: ${said}`);
    if (!warmPool.acts || group.heldBy !== null) return;
    const { state, minSize, to: prepared, reusesOnScaleIn } = warmPool;
    const { target: address } = group.settings;
    const request = { address, state, minSize, prepared, reusesOnScaleIn };
    const outcome = await target.putWarmPool(request);
    counters.actuations[outcome.kind] += 1;
    this.#options.onConcluded(group);
    if (outcome.kind === 'accepted' || outcome.kind === 'unchanged') {
      this.#poolRefusals.delete(group);
      return;
    }
    // What came of it shows in the next description; it is asked again until it does.
    const code = outcome.kind === 'refused' ? outcome.code : 'unknown';
    if (this.#poolRefusals.get(group) === code) return;
    this.#poolRefusals.set(group, code);
    log.write('warn', `${name}: the warm pool was not set (${code}): ${outcome.message}`);
  }

  async #changeSize(act: PendingAct, isRecorded: boolean): Promise<void> {
    const { group, entry } = act;
    const { decision } = entry;
    if (decision.drains !== undefined) this.#reportDrains(group, decision);
    if (decision.kind === 'hold') return;
    this.#announce(group, decision);
    if (!decision.acts) return;
    const actuation = await this.#act(group, decision, isRecorded);
    const { clock, counters } = this.#options;
    // Concluded and recorded at one moment: a replay concludes at the recorded one.
    const at = clock.now();
    group.conclude(decision, actuation, at);
    for (const { kind } of listOutcomes(actuation)) counters.actuations[kind] += 1;
    if (actuation.kind === 'accepted' && act.arrivedElapsedMs !== null) {
      counters.reactionMs.add(clock.elapsedMs() - act.arrivedElapsedMs);
    }
    this.#report(group, decision, actuation);
    this.#options.announcer?.concluded(decision, actuation);
    this.#options.onConcluded(group);
    const { name } = group.group;
    await this.journal([
      { kind: 'actuation', group: name, at, decisionAt: decision.at, actuation },
    ]);
  }

  async #act(group: ManagedGroup, decision: Decision, isRecorded: boolean): Promise<Actuation> {
    if (!isRecorded && decision.kind === 'scale-in') {
      return { kind: 'refused', code: 'failed', message: 'it could not be journalled' };
    }
    if (group.heldBy !== null) {
      return { kind: 'refused', code: 'failed', message: `${group.heldBy} holds the group` };
    }
    const { target: address, honorCooldown } = group.settings;
    const { target } = this.#options;
    const { cancels, to: desired } = decision;
    if (cancels === undefined) return await target.setDesired({ address, desired, honorCooldown });
    const launches = cancels.map(async (instance) => {
      return { instance, outcome: await target.cancelLaunch({ address, instance }) };
    });
    return { kind: 'cancelled', launches: await Promise.all(launches) };
  }

  /** Nothing is published of it before the desired capacity changes. */
  #reportDrains({ group: { name } }: ManagedGroup, decision: Decision): void {
    if (decision.kind !== 'hold') return;
    this.#options.log.write('info', `${name}: ${explain(decision).summary}`);
  }

  #announce(group: ManagedGroup, decision: Decision): void {
    const { announcer, log, telemetry } = this.#options;
    const { name } = group.group;
    const { at, kind, from, to, acts } = decision;
    const { summary } = explain(decision);
    // The same refused act is tried again and again: said once, with its refusal.
    if (!this.#said.has(group)) log.write('info', `${name}: ${summary}`);
    announcer?.decided(decision, summary);
    const payload = JSON.stringify({ at, kind, from, to, acts, summary });
    telemetry.publish(decisionTopic(name), payload, { isRetained: true });
  }

  #report(group: ManagedGroup, decision: Decision, actuation: Actuation): void {
    const { log } = this.#options;
    const { name } = group.group;
    const failure = findFailure(listOutcomes(actuation));
    if (failure === null) {
      if (this.#said.delete(group)) log.write('info', `${name}: AWS set ${decision.to} now`);
      return;
    }
    const code = failure.kind === 'refused' ? failure.code : 'unknown';
    if (this.#said.get(group) === code) return;
    this.#said.set(group, code);
    const outcome =
      failure.kind === 'refused'
        ? `was refused (${failure.code})`
        : 'timed out and may have happened: describing the group before anything else';
    log.write('warn', `${name}: ${describeCall(decision)} ${outcome}: ${failure.message}`);
  }
}

function describeCall({ cancels, endsIdle, endsDrained, to }: Decision): string {
  if (cancels === undefined) return `setting ${to}`;
  if (endsDrained === true) return 'ending an instance that has drained';
  return endsIdle === true ? 'ending an idle instance' : 'cancelling a launch';
}

function listOutcomes(actuation: Actuation): readonly CallOutcome[] {
  if (actuation.kind !== 'cancelled') return [actuation];
  return actuation.launches.map(({ outcome }) => outcome);
}

type Failure = Extract<CallOutcome, { kind: 'refused' | 'unknown' }>;

/** The worst of them: one that is not known, or the first refusal. */
function findFailure(outcomes: readonly CallOutcome[]): Failure | null {
  let found: Failure | null = null;
  for (const outcome of outcomes) {
    if (outcome.kind === 'unknown') return outcome;
    if (outcome.kind === 'refused') found ??= outcome;
  }
  return found;
}
