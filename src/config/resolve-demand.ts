// Makes the core's demand policy of one in a file, and what a demand policy makes of a group's times.

import { listOperands } from '../core/expression.ts';
import type { DemandPolicy } from '../core/policies/policy.ts';
import { selectExpression, type SignalSelector } from '../core/signal.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import type { DemandConfig } from './config.ts';
import { showValue } from './config-error.ts';
import type { WrittenPolicy } from './file-schema.ts';
import type { PolicyPlace } from './policy-part.ts';
import { requireShare } from './quantity.ts';
import { demandSignal } from './resolve-group-demand.ts';
import { resolveSignal } from './resolve-signal.ts';
import { parseDuration, requireDuration } from './units.ts';

type WrittenDemand = Extract<WrittenPolicy, { type?: 'demand' | undefined }>;

/** A promise of more than this is none. */
const violationRatioMax = 0.5;
/** Shares of an instance: what there are more instances for, and not what is offered to them. */
const shareOfInstance = /^(cpu|loadPerCore)$|Ratio$/;

/** Null if something was reported, here or before. */
export function resolveDemand(written: WrittenDemand, place: PolicyPlace): DemandPolicy | null {
  const { path, report } = place;
  const builtIn = builtInDefaults.policy;
  const violationRatio = requireShare(written.violations ?? builtIn.violations);
  if (!(violationRatio > 0 && violationRatio <= violationRatioMax)) {
    const found = showValue(written.violations, path);
    const allowed = 'a share above 0 and up to 50%, such as 0.5%: no size serves every surprise';
    report({ path: [...path, 'violations'], found, allowed });
    return null;
  }
  const latency = resolveLatency(written, place);
  if (latency === null) return null;
  const isLoadWritten = Object.hasOwn(written, 'load');
  const load = isLoadWritten ? resolveLoad(written.load, place) : loadOfGroup(place);
  if (load === null) return null;
  const isNamed = isLoadWritten && written.load !== demandSignal;
  const name = isNamed ? `demand(${written.load})` : 'demand';
  return {
    type: 'demand',
    name: written.name ?? name,
    violationRatio,
    isForecasting: (written.forecast ?? builtIn.forecast) === 'on',
    staleAfterMs: requireDuration(written.staleAfter ?? builtIn.staleAfter),
    ...(load !== undefined && { load }),
    ...(latency !== undefined && { latency }),
  };
}

const tailRatios = { p95: 0.05, p99: 0.01 } as const;
const signalForm = /^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/;

/** Undefined without one, null if something was reported. */
function resolveLatency(
  written: WrittenDemand,
  { path, report }: PolicyPlace,
): DemandPolicy['latency'] | null {
  const { latency, percentile, serviceTime } = written;
  if (!Object.hasOwn(written, 'latency')) {
    for (const key of ['percentile', 'serviceTime'] as const) {
      if (!Object.hasOwn(written, key)) continue;
      const found = `${key} without latency`;
      report({ path: [...path, key], found, allowed: 'both, or neither' });
      return null;
    }
    return undefined;
  }
  if (latency === undefined) return null;
  if (Object.hasOwn(written, 'violations')) {
    const found = 'violations and latency';
    const allowed = 'one promise: the share that may find no instance follows from the latency';
    report({ path: [...path, 'violations'], found, allowed });
    return null;
  }
  const told = serviceTime ?? builtInDefaults.policy.serviceTime;
  const serviceMs = parseDuration(told);
  if (serviceMs === 0 || (serviceMs === null && !signalForm.test(told))) {
    const allowed = 'a duration above 0 such as 20ms, or the name of a signal in milliseconds';
    report({ path: [...path, 'serviceTime'], found: showValue(told, path), allowed });
    return null;
  }
  return {
    promiseMs: requireDuration(latency),
    tailRatio: tailRatios[percentile ?? builtInDefaults.policy.percentile],
    service: serviceMs === null ? { kind: 'signal', signal: told } : { kind: 'fixed', serviceMs },
  };
}

function resolveLoad(signal: string | undefined, place: PolicyPlace): DemandPolicy['load'] | null {
  const selector = selectLoad(signal, place);
  if (selector === null) return null;
  const share = findShare(selector);
  if (share === undefined) return selector;
  const found = share.signal;
  const allowed =
    'work offered per second, such as requestsPerSecond, which does not change with the size of the group';
  place.report({ path: [...place.path, 'load'], found, allowed });
  return null;
}

function selectLoad(signal: string | undefined, place: PolicyPlace): SignalSelector | null {
  if (signal === demandSignal && place.demand !== null) return selectDemand(place.demand);
  const isOfSource = place.sources.some(({ name }) => name === signal);
  const statistic = isOfSource ? undefined : 'sum';
  return resolveSignal({ signal, statistic }, atLoad(place))?.selector ?? null;
}

/** What the group calls its demand, unless that is made of how busy its instances are. */
function loadOfGroup({ demand }: PolicyPlace): SignalSelector | undefined {
  if (demand === null) return undefined;
  const selector = selectDemand(demand);
  return findShare(selector) === undefined ? selector : undefined;
}

/** Of the whole group, where other policies look at an instance's part of it. */
function selectDemand({ expression, text }: DemandConfig): SignalSelector {
  return selectExpression(text, expression);
}

function findShare(selector: SignalSelector): SignalSelector | undefined {
  const { expression } = selector;
  const operands = expression === undefined ? [selector] : listOperands(expression);
  return operands.find(({ signal }) => shareOfInstance.test(signal));
}

/** A mistake in it stands at `load`, not at `signal`. */
function atLoad(place: PolicyPlace): PolicyPlace {
  const { report } = place;
  return {
    ...place,
    report: (mistake) => {
      report({ ...mistake, path: [...place.path, 'load'] });
    },
  };
}
