// Makes the core's demand policy of one in a file, and what a demand policy makes of a group's times.

import { listOperands } from '../core/expression.ts';
import type { DemandPolicy } from '../core/policies/policy.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { showValue } from './config-error.ts';
import type { WrittenPolicy } from './file-schema.ts';
import type { PolicyPlace } from './policy-part.ts';
import { requireShare } from './quantity.ts';
import { resolveSignal } from './resolve-signal.ts';
import { requireDuration } from './units.ts';

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
  const isLoadWritten = Object.hasOwn(written, 'load');
  const load = isLoadWritten ? resolveLoad(written.load, place) : undefined;
  if (load === null) return null;
  const name = load === undefined ? 'demand' : `demand(${load.signal})`;
  return {
    type: 'demand',
    name: written.name ?? name,
    violationRatio,
    isForecasting: (written.forecast ?? builtIn.forecast) === 'on',
    staleAfterMs: requireDuration(written.staleAfter ?? builtIn.staleAfter),
    ...(load !== undefined && { load }),
  };
}

function resolveLoad(signal: string | undefined, place: PolicyPlace): DemandPolicy['load'] | null {
  const isOfSource = place.sources.some(({ name }) => name === signal);
  const statistic = isOfSource ? undefined : 'sum';
  const resolved = resolveSignal({ signal, statistic }, atLoad(place));
  if (resolved === null) return null;
  const { selector } = resolved;
  const operands =
    selector.expression === undefined ? [selector] : listOperands(selector.expression);
  const share = operands.find((operand) => shareOfInstance.test(operand.signal));
  if (share === undefined) return selector;
  const found = share.signal;
  const allowed =
    'work offered per second, such as requestsPerSecond, which does not change with the size of the group';
  place.report({ path: [...place.path, 'load'], found, allowed });
  return null;
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
