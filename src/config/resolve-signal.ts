// Makes the core's selector of the signal that a policy in a file looks at: a name, or an expression.

import {
  selectExpression,
  selectSignal,
  type SignalSelector,
  type SignalTreatment,
  type Statistic,
} from '../core/signal.ts';
import { isRatioSignal, isSignalName } from '../wire/report.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { parseExpression, type ReadOperand } from './parse-expression.ts';
import type { PolicyPlace, PolicySignal } from './policy-part.ts';
import { signalAllowed } from './policy-schema.ts';
import { unitOf } from './quantity.ts';
import { demandSignal, perInstance } from './resolve-group-demand.ts';
import { requireDuration } from './units.ts';

/** In an expression, signals are those of the group as a whole, to be divided by `instances`. */
const operandStatistic: Statistic = 'sum';

export interface WrittenSignal {
  readonly signal?: string | undefined;
  readonly statistic?: Statistic | undefined;
  readonly window?: string | undefined;
  readonly read?: 'value' | 'rate' | undefined;
  readonly smoothing?: 'mean' | 'ewma' | undefined;
}

/** Null if it is not known what is looked at, so that no number about it can be read. */
export function resolveSignal(written: WrittenSignal, place: PolicyPlace): PolicySignal | null {
  const { path, report } = place;
  const { signal, statistic, window } = written;
  if (signal === undefined) return null;
  const windowMs = requireDuration(window ?? builtInDefaults.policy.window);
  const treatment = resolveTreatment(written, windowMs, place);
  const select = (name: string, chosen: Statistic): SignalSelector => {
    if (treatment.read === 'rate' && isRatioSignal(name)) {
      const found = `rate of ${name}, which is a share`;
      report({ path: [...path, 'read'], found, allowed: 'rate of a counter, or read: value' });
    }
    return selectSignal(name, chosen, windowMs, treatment);
  };
  const operand: ReadOperand = (name) => {
    const chosen = findSourceStatistic(name, place) ?? statistic ?? operandStatistic;
    if (name !== demandSignal || place.demand === null) {
      return { kind: 'signal', selector: select(name, chosen) };
    }
    // Read anew, with the window of this policy; that it can be read is known.
    const demand = parseExpression(place.demand.text, (part) => ({
      kind: 'signal',
      selector: select(part, findSourceStatistic(part, place) ?? operandStatistic),
    }));
    return demand.ok ? demand.expression : place.demand.expression;
  };
  if (signal === demandSignal && place.demand !== null) {
    if (statistic !== undefined) {
      const found = `${statistic} of ${demandSignal}, which is one number`;
      report({ path: [...path, 'statistic'], found, allowed: 'none' });
    }
    return { selector: selectExpression(signal, perInstance(operand(signal))), unit: 'any' };
  }
  if (isSignalName(signal)) {
    const ofSource = findSourceStatistic(signal, place);
    const chosen = ofSource ?? statistic ?? builtInDefaults.policy.statistic;
    if (ofSource !== null && statistic !== undefined && statistic !== ofSource) {
      const found = `${statistic} of the source ${signal}, which is one number`;
      const allowed = `${ofSource}, or none (see measures of the source)`;
      report({ path: [...path, 'statistic'], found, allowed });
    }
    return { selector: select(signal, chosen), unit: unitOf(signal, chosen) };
  }
  const parsed = parseExpression(signal, operand);
  if (parsed.ok) return { selector: selectExpression(signal, parsed.expression), unit: 'any' };
  const { offset, found, allowed } = parsed.mistake;
  // A bare word that is no name is hardly meant as an expression.
  const isWord = /^[\w.:-]+$/.test(signal);
  report({
    path: [...path, 'signal'],
    found,
    allowed: isWord ? signalAllowed : allowed,
    excerpt: { text: signal, offset },
  });
  return null;
}

/** How the signals of a policy are taken, where it is not the built-in way. */
function resolveTreatment(
  { read, smoothing }: WrittenSignal,
  windowMs: number,
  { path, report }: PolicyPlace,
): SignalTreatment {
  if (smoothing === 'ewma' && windowMs <= 1000) {
    const found = 'ewma without a window, of the newest value alone';
    report({ path: [...path, 'smoothing'], found, allowed: 'ewma with a window above 1s' });
  }
  return {
    ...(read === 'rate' && { read }),
    ...(smoothing === 'ewma' && { smoothing }),
  };
}

/**
 * The one statistic that a source's number stands for: a total is a sum, which targets divide; the
 * number of one instance is a mean. Null for a signal of the instances.
 */
function findSourceStatistic(name: string, { sources }: PolicyPlace): Statistic | null {
  const source = sources.find((one) => one.name === name);
  if (source === undefined) return null;
  return source.measures === 'group' ? 'sum' : 'mean';
}
