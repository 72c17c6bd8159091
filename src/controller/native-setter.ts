// Keeps AWS's own policy in charge where a group's config says so: publishes the backlog per instance
// that it follows, and renews its target, each on its own period. Nothing here sets a size.

import type { CallOutcome } from '../core/actuation.ts';
import {
  findBacklogPerInstance,
  findNativeTarget,
  isWorthRenewing,
} from '../core/policies/backlog/setter.ts';
import type { BacklogPolicy, SetterTerms } from '../core/policies/policy.ts';
import type { NativeHold } from '../core/queue/native-reading.ts';
import type { QueueReading } from '../core/queue/queue-reading.ts';
import type { EpochMs } from '../core/time.ts';
import { judgeNativePolicy } from './judge-native-policy.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { MetricIdentity, NativeScaling } from './ports/native-scaling.ts';
import { findBacklog } from './queue-watch.ts';

/** After something was wrong it is looked at again this soon, or at the period if that is shorter. */
const retryMs = 60_000;

export interface NativeSetterOptions {
  readonly native: NativeScaling;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of one group. */
interface Course {
  terms: SetterTerms;
  publishAt: EpochMs;
  renewAt: EpochMs;
  isPublishing: boolean;
  isRenewing: boolean;
  publishProblem: string | null;
  renewProblem: string | null;
  target: number | null;
  /** That AWS's policy asks of the metric. */
  unit: string | null;
}

/** What a setter works with at one moment. */
interface Setting {
  readonly group: ManagedGroup;
  readonly policy: BacklogPolicy;
  readonly terms: SetterTerms;
  readonly course: Course;
  readonly reading: QueueReading;
}

export class NativeSetter {
  readonly #options: NativeSetterOptions;
  readonly #groups: ReadonlyMap<string, ManagedGroup>;
  readonly #courses = new WeakMap<ManagedGroup, Course>();

  /** `groups` by name; they may come and go. */
  constructor(groups: ReadonlyMap<string, ManagedGroup>, options: NativeSetterOptions) {
    this.#groups = groups;
    this.#options = options;
  }

  /** Does what is due. Returns when nothing begun by this call is open any more. */
  async poll(): Promise<void> {
    const now = this.#options.clock.now();
    const begun: Promise<void>[] = [];
    for (const group of this.#groups.values()) {
      const setting = this.#find(group, now);
      if (setting === null) continue;
      const { course, terms } = setting;
      if (now >= course.publishAt && !course.isPublishing) begun.push(this.#publish(setting, now));
      if (now >= course.renewAt && !course.isRenewing) {
        course.renewAt = now + terms.renewEveryMs;
        begun.push(this.#renew(setting));
      }
    }
    await Promise.all(begun);
  }

  /** Null where no AWS policy is in charge, or the queue is not known at this moment. */
  #find(group: ManagedGroup, now: EpochMs): Setting | null {
    const policy = findBacklog(group.group.policies);
    const terms = policy?.setter;
    if (policy === null || terms === undefined) {
      group.native = null;
      this.#courses.delete(group);
      return null;
    }
    const course = this.#follow(group, terms, now);
    this.#tell(group, course);
    const reading = group.lastInput?.observation.queue;
    const isUsable =
      group.heldBy === null &&
      group.group.mode !== 'observe' &&
      group.description !== null &&
      reading !== undefined &&
      now - reading.at <= policy.staleAfterMs;
    return isUsable ? { group, policy, terms, course, reading } : null;
  }

  #follow(group: ManagedGroup, terms: SetterTerms, now: EpochMs): Course {
    const known = this.#courses.get(group);
    if (known !== undefined && JSON.stringify(known.terms) === JSON.stringify(terms)) return known;
    const course: Course = {
      terms,
      publishAt: nextPeriod(now, terms.publishEveryMs),
      renewAt: now,
      isPublishing: false,
      isRenewing: false,
      publishProblem: null,
      renewProblem: null,
      target: null,
      unit: null,
    };
    this.#courses.set(group, course);
    return course;
  }

  #tell(group: ManagedGroup, { publishProblem, renewProblem, target }: Course): void {
    const problem = renewProblem ?? publishProblem;
    group.native = { target, problem, held: findHold(group) };
  }

  async #publish({ group, terms, course, reading }: Setting, now: EpochMs): Promise<void> {
    course.publishAt = nextPeriod(now, terms.publishEveryMs);
    // Advice changes nothing, and AWS's policy acts on this number.
    if (findHold(group) === 'mode') return;
    course.isPublishing = true;
    const outcome = await this.#options.native.publish(group.settings.target, {
      metric: identify(group, terms),
      at: now,
      value: findBacklogPerInstance(reading),
      unit: course.unit,
      resolutionSeconds: terms.publishEveryMs < 60_000 ? 1 : 60,
    });
    course.isPublishing = false;
    const failure = describeFailure(outcome);
    const problem =
      failure === null ? null : `the backlog per instance is not published: ${failure}`;
    this.#note(
      group,
      course.publishProblem,
      problem,
      'the backlog per instance is published again',
    );
    course.publishProblem = problem;
    this.#tell(group, course);
  }

  async #renew(setting: Setting): Promise<void> {
    const { group, terms, course } = setting;
    course.isRenewing = true;
    const problem = await this.#look(setting);
    course.isRenewing = false;
    const now = this.#options.clock.now();
    if (problem !== null) course.renewAt = now + Math.min(retryMs, terms.renewEveryMs);
    const again = `AWS's policy ${terms.nativePolicy} is given its target again`;
    this.#note(group, course.renewProblem, problem, again);
    course.renewProblem = problem;
    this.#tell(group, course);
  }

  /** Looks at AWS's policy and renews its target where that is worth a call. What is wrong, or null. */
  async #look({ group, policy, terms, course, reading }: Setting): Promise<string | null> {
    const { native } = this.#options;
    const name = { address: group.settings.target, policy: terms.nativePolicy };
    const described = await native.describePolicy(name);
    const judged = judgeNativePolicy(name.policy, described, identify(group, terms));
    if (!judged.ok) {
      course.target = null;
      return judged.problem;
    }
    course.target = judged.target;
    course.unit = judged.unit;
    const wanted = findNativeTarget(policy, reading.durations.meanMs);
    const isFixed = policy.fixedTarget !== null;
    if (!isWorthRenewing({ present: judged.target, target: wanted, isFixed })) return null;
    const held = findHold(group);
    const isHeld = held === 'scale-out-only' ? wanted > judged.target : held !== null;
    // Meanwhile another controller may have taken the group.
    if (isHeld || group.heldBy !== null) return null;
    const failure = describeFailure(await native.renewTarget(name, wanted));
    if (failure !== null) return `the target of ${name.policy} is not renewed: ${failure}`;
    course.target = wanted;
    const change = `from ${judged.target} to ${wanted} messages per instance`;
    this.#options.log.write('info', `${group.group.name}: target of ${name.policy} ${change}`);
    return null;
  }

  /** Said once for each cause, and when it is over. */
  #note(group: ManagedGroup, before: string | null, problem: string | null, again: string): void {
    if (problem === before) return;
    const { name } = group.group;
    if (problem === null) this.#options.log.write('info', `${name}: ${again}`);
    else this.#options.log.write('warn', `${name}: ${problem}`);
  }
}

function identify({ settings }: ManagedGroup, { metric }: SetterTerms): MetricIdentity {
  const ofGroup = { AutoScalingGroupName: settings.target.autoScalingGroup };
  return { ...metric, dimensions: metric.dimensions ?? ofGroup };
}

/** Why a target is not renewed as things stand; in `scale-out-only` only one that is raised. */
function findHold({ group, overrides }: ManagedGroup): NativeHold | null {
  if (group.mode === 'observe' || group.mode === 'advise') return 'mode';
  if (overrides.some(({ kind }) => kind === 'pause')) return 'paused';
  return group.mode === 'scale-out-only' ? 'scale-out-only' : null;
}

function describeFailure(outcome: CallOutcome): string | null {
  switch (outcome.kind) {
    case 'accepted':
    case 'unchanged':
      return null;
    case 'refused':
      return `${outcome.code}: ${outcome.message}`;
    case 'unknown':
      return outcome.message;
  }
}

/** Periods begin where CloudWatch's do. */
function nextPeriod(now: EpochMs, everyMs: number): EpochMs {
  return (Math.floor(now / everyMs) + 1) * everyMs;
}
