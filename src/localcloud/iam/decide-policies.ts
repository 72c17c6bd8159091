// Whether policies allow something: an explicit deny beats any allow, and nothing is allowed that no
// statement allows ("Policy evaluation logic", IAM user guide).

import type { Json } from '../../cloud/cloudformation/json.ts';
import { isList, isRecord, memberOf, textOf } from '../../cloud/cloudformation/json.ts';
import { isLike } from '../../cloud/events/event-pattern.ts';

export interface PolicyQuestion {
  readonly action: string;
  readonly resource: string;
  /** By key in lower case. */
  readonly context: ReadonlyMap<string, readonly string[]>;
}

export type PolicyDecision = 'allowed' | 'explicitDeny' | 'implicitDeny';

export function decidePolicies(
  documents: readonly Json[],
  question: PolicyQuestion,
): PolicyDecision {
  const applying = documents
    .flatMap((document) => listed(memberOf(document, 'Statement')))
    .filter((statement) => applies(statement, question));
  const effects = applying.map((statement) => memberOf(statement, 'Effect'));
  if (effects.includes('Deny')) return 'explicitDeny';
  return effects.includes('Allow') ? 'allowed' : 'implicitDeny';
}

function applies(statement: Json, question: PolicyQuestion): boolean {
  const action = question.action.toLowerCase();
  const names = (member: string): readonly string[] =>
    listed(memberOf(statement, member)).flatMap((one) => textOf(one) ?? []);
  const isNamed = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => isLike(pattern.toLowerCase(), action));
  const isAction =
    memberOf(statement, 'NotAction') === undefined
      ? isNamed(names('Action'))
      : !isNamed(names('NotAction'));
  const isResource =
    memberOf(statement, 'NotResource') === undefined
      ? names('Resource').some((pattern) => isLike(pattern, question.resource))
      : !names('NotResource').some((pattern) => isLike(pattern, question.resource));
  return isAction && isResource && meetsConditions(memberOf(statement, 'Condition'), question);
}

function meetsConditions(conditions: Json | undefined, { context }: PolicyQuestion): boolean {
  if (!isRecord(conditions)) return true;
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(isRecord(keys) ? keys : {}).every(([key, wanted]) => {
      const values = context.get(key.toLowerCase());
      return compares(operator, listed(wanted).map(String), values);
    }),
  );
}

/** A key without a value meets `…IfExists` and the negated operators only. */
function compares(
  operator: string,
  wanted: readonly string[],
  values: readonly string[] | undefined,
): boolean {
  const base = operator.replace(/^ForAnyValue:/u, '').replace(/IfExists$/u, '');
  if (base === 'Null') return wanted.includes(String(values === undefined));
  if (values === undefined) return operator.endsWith('IfExists') || base.includes('Not');
  const isAny = (test: (pattern: string, value: string) => boolean): boolean =>
    values.some((value) => wanted.some((pattern) => test(pattern, value)));
  switch (base) {
    case 'StringEquals':
    case 'Bool':
      return isAny((pattern, value) => pattern === value);
    case 'StringEqualsIgnoreCase':
      return isAny((pattern, value) => pattern.toLowerCase() === value.toLowerCase());
    case 'StringNotEquals':
      return !isAny((pattern, value) => pattern === value);
    case 'StringLike':
    case 'ArnLike':
    case 'ArnEquals':
      return isAny(isLike);
    case 'StringNotLike':
    case 'ArnNotLike':
      return !isAny(isLike);
    default:
      // What is not understood is not met: a simulation must not say yes by mistake.
      return false;
  }
}

function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}
