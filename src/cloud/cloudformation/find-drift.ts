// How a resource that was changed past its stack differs from what the template says of it. What the
// template does not say may be anything ("CloudFormation only determines drift for property values that
// are explicitly set": user guide, "Detect unmanaged configuration changes").

import type { Json, JsonRecord } from './json.ts';
import { isList, isRecord, memberOf, textOf } from './json.ts';

export interface PropertyDifference {
  /** As in `/Tags/0/Value`. */
  readonly path: string;
  readonly kind: 'ADD' | 'REMOVE' | 'NOT_EQUAL';
  /** Undefined for what was added. */
  readonly expected: Json | undefined;
  /** Undefined for what was removed. */
  readonly actual: Json | undefined;
}

/** In the order of the template. A property that `actual` lacks at the top was not read: no difference. */
export function findDrift(expected: JsonRecord, actual: JsonRecord): readonly PropertyDifference[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const now = memberOf(actual, name);
    return now === undefined ? [] : compare(value, now, `/${name}`);
  });
}

function compare(expected: Json, actual: Json, path: string): readonly PropertyDifference[] {
  if (isRecord(expected) && isRecord(actual)) {
    return Object.entries(expected).flatMap(([name, value]) => {
      const now = memberOf(actual, name);
      return now === undefined
        ? [{ path: `${path}/${name}`, kind: 'REMOVE', expected: value, actual: undefined } as const]
        : compare(value, now, `${path}/${name}`);
    });
  }
  if (isList(expected) && isList(actual)) return compareLists(expected, actual, path);
  return isSameScalar(expected, actual) ? [] : [{ path, kind: 'NOT_EQUAL', expected, actual }];
}

/** Without regard to order: services give lists back in their own. */
function compareLists(
  expected: readonly Json[],
  actual: readonly Json[],
  path: string,
): readonly PropertyDifference[] {
  const left = actual.map((value, index) => ({ value, index }));
  const missing: { readonly value: Json; readonly index: number }[] = [];
  for (const [index, value] of expected.entries()) {
    const found = left.findIndex((one) => compare(value, one.value, '').length === 0);
    if (found === -1) missing.push({ value, index });
    else left.splice(found, 1);
  }
  if (missing.length === left.length) {
    return missing.flatMap(({ index, value }, place) =>
      compare(value, left[place]?.value ?? null, `${path}/${index}`),
    );
  }
  return [
    ...missing.map(({ index, value }): PropertyDifference => {
      return { path: `${path}/${index}`, kind: 'REMOVE', expected: value, actual: undefined };
    }),
    ...left.map(({ index, value }): PropertyDifference => {
      return { path: `${path}/${index}`, kind: 'ADD', expected: undefined, actual: value };
    }),
  ];
}

/** Templates write numbers and truths as texts, too. */
function isSameScalar(expected: Json, actual: Json): boolean {
  const [one, other] = [textOf(expected), textOf(actual)];
  if (one === undefined || other === undefined) return one === other && expected === actual;
  return one === other || (one.trim() !== '' && Number(one) === Number(other));
}
