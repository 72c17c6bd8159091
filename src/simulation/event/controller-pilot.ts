// The controller's own loop over the cloud model: the managed group with its fleet of reporting
// instances, described when the controller would describe it, ticking once a second, acting and
// concluding. Left out is what stands between the parts in production: the broker and the journal,
// which never fail here, and the gathering of reports between ticks, which come at the tick.
import {
  describeEveryMs,
  describeUnsettledEveryMs,
  isUnsettled,
} from '../../controller/describer.ts';
import type { GroupSettings } from '../../controller/group-settings.ts';
import { ManagedGroup } from '../../controller/managed-group.ts';
import type { DescribeOutcome } from '../../controller/ports/scaling-target.ts';
import type { Actuation, Decision } from '../../core/decision.ts';
import { listSelectors } from '../../core/policies/list-selectors.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Report } from '../../wire/report.ts';
import type { Load } from '../load/load.ts';
import { listReported, readSignal } from '../load-signals.ts';
import { createRandom, drawUniform } from '../random.ts';
import { describeGroup, endLaunch, setSize } from '../world-target.ts';
import type { Pilot } from './pilot.ts';
import { simulatedGroupName, type WorldFleet } from './world-fleet.ts';

export interface ControllerPilotOptions {
  readonly settings: Omit<GroupSettings, 'target'>;
  readonly fleet: WorldFleet;
  readonly load: Load;
  readonly seed: number;
  /** From the end of a sampled second to its arrival. */
  readonly reportDelaySeconds: number;
  /** False: no instance reports at all. */
  readonly hasReports: boolean;
  /** True: load above what the fleet can serve is not seen. */
  readonly isCensored: boolean;
  /** Share of the calls that AWS refuses as too many, 0–1. */
  readonly throttledRatio: number;
  readonly onChange?: (decision: Decision) => void;
}

/** From a call to AWS's answer: an act is over, and a description there, before the next tick. */
const callMs = 100;
const surroundings = { telemetry: 'connected', isJournalWritable: true } as const;
const address = { autoScalingGroup: simulatedGroupName, region: null, roleArn: null };
const throttled = { code: 'throttled', message: 'simulated: throttled' } as const;

/** The reports of one second: all instances carry alike. */
interface ReportedSecond {
  readonly instanceIds: readonly string[];
  readonly report: Report;
  readonly arrivesAt: EpochMs;
}

interface Cockpit {
  readonly options: ControllerPilotOptions;
  readonly group: ManagedGroup;
  readonly signals: readonly string[];
  /** What the signals that are read as counters have come to; every instance shows the same. */
  readonly counters: Map<string, number>;
  readonly isThrottled: () => boolean;
  /** On their way, oldest first; at most one for each second of the delay. */
  readonly arriving: ReportedSecond[];
  /** Asked for at the last tick, there before this one. */
  answer: DescribeOutcome | null;
  describeAt: EpochMs;
}

export function createControllerPilot(options: ControllerPilotOptions): Pilot {
  const { settings, fleet, load, seed, throttledRatio } = options;
  const group = new ManagedGroup({ ...settings, target: address });
  group.heldBy = null;
  const random = createRandom(seed, 'throttled');
  const selectors = listSelectors(settings.group.policies);
  const cockpit: Cockpit = {
    options,
    group,
    signals: listReported(settings.group),
    counters: new Map(
      selectors.filter(({ read }) => read === 'rate').map(({ signal }) => [signal, 0]),
    ),
    isThrottled: () => throttledRatio > 0 && drawUniform(random) < throttledRatio,
    arriving: [],
    answer: null,
    describeAt: Number.NEGATIVE_INFINITY,
  };
  const startsAt = load.startSeconds * 1000;
  group.applyDescription(describeGroup(fleet.world, fleet.group, startsAt));
  return {
    step: (second) => tick(cockpit, startsAt + second * 1000),
    see: (second, work, perInstance) => sample(cockpit, second, work, perInstance),
  };
}

/** The order of the controller: what came, a description if one is due, the decision, the act. */
function tick(cockpit: Cockpit, now: EpochMs): void {
  const { group, options } = cockpit;
  if (cockpit.answer !== null) takeDescription(cockpit, cockpit.answer, now);
  deliverReports(cockpit, now);
  if (now >= cockpit.describeAt) cockpit.answer = askForDescription(cockpit, now);
  const { decision } = group.tick(now, surroundings);
  if (decision.kind === 'hold' || !decision.acts) return;
  const actuation = act(cockpit, decision);
  group.conclude(decision, actuation, now + callMs);
  cockpit.describeAt = now;
  if (actuation.kind === 'accepted' || actuation.kind === 'cancelled') options.onChange?.(decision);
}

/** One call, or one for each launch that is cancelled; any of them may be throttled. */
function act({ isThrottled, options }: Cockpit, { cancels, to }: Decision): Actuation {
  const { world } = options.fleet;
  if (cancels === undefined) {
    if (isThrottled()) return { kind: 'refused', ...throttled };
    const { honorCooldown: honorsCooldown } = options.settings;
    return setSize(world, { groupName: simulatedGroupName, desired: to, honorsCooldown });
  }
  const launches = cancels.map((instance) => {
    const refused = { kind: 'refused', ...throttled } as const;
    return { instance, outcome: isThrottled() ? refused : endLaunch(world, instance) };
  });
  return { kind: 'cancelled', launches };
}

function askForDescription(
  { group, options, isThrottled }: Cockpit,
  now: EpochMs,
): DescribeOutcome {
  if (isThrottled()) return { kind: 'failed', ...throttled };
  return describeGroup(options.fleet.world, options.fleet.group, now, {
    before: group.description,
  });
}

function takeDescription(cockpit: Cockpit, answer: DescribeOutcome, now: EpochMs): void {
  const { group } = cockpit;
  group.applyDescription(answer);
  cockpit.answer = null;
  const askedAt = now - 1000;
  const isSoon = answer.kind === 'described' && isUnsettled(group);
  cockpit.describeAt = Math.max(
    cockpit.describeAt,
    askedAt + (isSoon ? describeUnsettledEveryMs : describeEveryMs),
  );
}

function deliverReports({ group, arriving }: Cockpit, now: EpochMs): void {
  for (;;) {
    const first = arriving[0];
    if (first === undefined || first.arrivesAt > now) return;
    arriving.shift();
    for (const id of first.instanceIds) group.fleet.report(id, first.report, now);
  }
}

/** Every instance that served the second will say so, unless the load's monitoring has a gap. */
function sample(cockpit: Cockpit, second: number, work: number, perInstance: number): void {
  const { options, signals, counters, arriving } = cockpit;
  const { fleet, load, hasReports, reportDelaySeconds } = options;
  const warmed = fleet.serving.length;
  if (!hasReports || warmed === 0) return;
  const gap = load.telemetryGaps.find(
    ({ fromSecond, toSecond }) => second >= fromSecond && second < toSecond,
  );
  if (gap?.seenAs === 'missing') return;
  const offered = gap === undefined ? work / warmed : 0;
  const loadPerInstance = options.isCensored ? Math.min(offered, perInstance) : offered;
  const seen = { loadPerInstance, capacityPerInstance: perInstance, warmed };
  const values: Record<string, number> = {};
  for (const signal of signals) {
    const counted = counters.get(signal);
    values[signal] = (counted ?? 0) + readSignal(signal, 'mean', seen);
    if (counted !== undefined) counters.set(signal, values[signal]);
  }
  const ageMs = reportDelaySeconds * 1000;
  arriving.push({
    instanceIds: fleet.serving.map(({ id }) => id),
    report: { signals: values, ageMs, sequence: second, session: 'simulated', intervalMs: 1000 },
    arrivesAt: (load.startSeconds + second + 1) * 1000 + ageMs,
  });
}
