// CloudFormation's functions: a template's value with Ref, Fn::Sub and the others worked out
// ("Intrinsic function reference", CloudFormation user guide).

import type { Outcome } from '../fault.ts';
import { succeed } from '../fault.ts';
import { addressBlocks } from './address-blocks.ts';
import { encodeBase64 } from './encode-base64.ts';
import { refuseValidation } from './faults.ts';
import type { Json, JsonRecord } from './json.ts';
import { isList, isRecord, isSameJson, memberOf, textOf } from './json.ts';
import { SUB_VARIABLE } from './references.ts';

/** What names mean where a value is evaluated; `undefined` means that there is no such thing. */
export interface Scope {
  ref(name: string): Json | undefined;
  attribute(logicalId: string, name: string): Json | undefined;
  importValue(exportName: string): Json | undefined;
  readonly conditions: ReadonlyMap<string, Json>;
  readonly mappings: JsonRecord;
  readonly zones: readonly string[];
}

/** Deeper than any template nests; conditions that name each other in a circle end here. */
const DEPTH_MAX = 100;

interface Evaluation {
  readonly scope: Scope;
  /** The first thing that went wrong; what is returned after it means nothing. */
  problem: string | undefined;
  depth: number;
}

/** Returns the value, `undefined` for AWS::NoValue. */
export function evaluate(value: Json, scope: Scope): Outcome<Json | undefined> {
  const evaluation: Evaluation = { scope, problem: undefined, depth: 0 };
  const result = resolve(value, evaluation);
  return evaluation.problem === undefined ? succeed(result) : refuseValidation(evaluation.problem);
}

/** Whether the condition of that name holds; a missing name is refused. */
export function isConditionMet(name: string | undefined, scope: Scope): Outcome<boolean> {
  if (name === undefined) return succeed(true);
  const result = evaluate({ Condition: name }, scope);
  return result.ok ? succeed(result.value === true) : result;
}

function resolve(value: Json, evaluation: Evaluation): Json | undefined {
  evaluation.depth += 1;
  if (evaluation.depth > DEPTH_MAX) return fail(evaluation, 'Template nesting is too deep');
  const result = resolveAny(value, evaluation);
  evaluation.depth -= 1;
  return result;
}

function resolveAny(value: Json, evaluation: Evaluation): Json | undefined {
  if (isList(value)) return value.flatMap((item) => wrap(resolve(item, evaluation)));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && argument !== undefined) {
    const run = FUNCTIONS.get(name);
    if (run !== undefined && (name !== 'Condition' || typeof argument === 'string')) {
      return run(argument, evaluation);
    }
    if (name.startsWith('Fn::')) {
      return fail(evaluation, `Template error: the function ${name} is not modelled`);
    }
  }
  const members = entries.flatMap(([key, member]) => {
    const result = resolve(member, evaluation);
    return result === undefined ? [] : [[key, result] as const];
  });
  return Object.fromEntries(members);
}

/** A list as an item stays one item. */
function wrap(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : [value];
}

type RunFunction = (argument: Json, evaluation: Evaluation) => Json | undefined;

const FUNCTIONS: ReadonlyMap<string, RunFunction> = new Map<string, RunFunction>([
  ['Ref', (name, evaluation) => resolveRef(textOf(name) ?? '', evaluation)],
  ['Fn::GetAtt', resolveAttribute],
  ['Fn::Sub', resolveSub],
  ['Fn::Join', resolveJoin],
  ['Fn::Select', resolveSelect],
  ['Fn::Split', resolveSplit],
  ['Fn::FindInMap', resolveMapping],
  ['Fn::If', resolveIf],
  ['Fn::Equals', (pair, evaluation) => resolveEquals(pair, evaluation)],
  ['Fn::And', (items, evaluation) => truths(items, evaluation).every(Boolean)],
  ['Fn::Or', (items, evaluation) => truths(items, evaluation).some(Boolean)],
  ['Fn::Not', (items, evaluation) => !truths(items, evaluation).every(Boolean)],
  ['Condition', resolveCondition],
  ['Fn::ImportValue', resolveImport],
  ['Fn::Base64', (text, evaluation) => encodeBase64(resolveText(text, evaluation))],
  ['Fn::GetAZs', (_region, evaluation) => evaluation.scope.zones],
  ['Fn::Cidr', resolveCidr],
]);

function fail(evaluation: Evaluation, problem: string): undefined {
  evaluation.problem ??= problem;
  return undefined;
}

function resolveText(value: Json | undefined, evaluation: Evaluation): string {
  const result = value === undefined ? undefined : resolve(value, evaluation);
  const text = textOf(result);
  if (text === undefined) fail(evaluation, 'Template error: every value of this must be a string');
  return text ?? '';
}

function resolveList(value: Json | undefined, evaluation: Evaluation): readonly Json[] {
  const result = value === undefined ? undefined : resolve(value, evaluation);
  if (isList(result)) return result;
  fail(evaluation, 'Template error: a list was expected');
  return [];
}

function resolveRef(name: string, evaluation: Evaluation): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const value = evaluation.scope.ref(name);
  return value ?? fail(evaluation, `Unresolved resource dependencies [${name}]`);
}

function resolveAttribute(argument: Json, evaluation: Evaluation): Json | undefined {
  const path = isList(argument)
    ? argument.map((part) => resolveText(part, evaluation))
    : (textOf(argument) ?? '').split('.');
  return attributeAt(path, evaluation);
}

function attributeAt(path: readonly string[], evaluation: Evaluation): Json | undefined {
  const [logicalId = '', ...rest] = path;
  const name = rest.join('.');
  const value = evaluation.scope.attribute(logicalId, name);
  return (
    value ??
    fail(
      evaluation,
      `Template error: resource ${logicalId} does not support attribute type ${name}`,
    )
  );
}

function resolveSub(argument: Json, evaluation: Evaluation): Json | undefined {
  const [text, own] = isList(argument) ? argument : [argument];
  return (textOf(text) ?? '').replaceAll(SUB_VARIABLE, (_match, literal: string, raw: string) => {
    if (literal !== '') return `\${${raw}}`;
    const name = raw.trim();
    const given = memberOf(own, name);
    if (given !== undefined) return resolveText(given, evaluation);
    const value =
      name.startsWith('AWS::') || !name.includes('.')
        ? resolveRef(name, evaluation)
        : attributeAt(name.split('.'), evaluation);
    return isList(value) ? value.join(',') : (textOf(value) ?? '');
  });
}

function resolveJoin(argument: Json, evaluation: Evaluation): Json | undefined {
  const [delimiter, items] = isList(argument) ? argument : [];
  const texts = resolveList(items, evaluation).map((item) => textOf(item) ?? '');
  return texts.join(textOf(delimiter) ?? '');
}

function resolveSelect(argument: Json, evaluation: Evaluation): Json | undefined {
  const [index, items] = isList(argument) ? argument : [];
  const list = resolveList(items, evaluation);
  const number = Number(resolveText(index, evaluation));
  const item = list[number];
  return (
    item ??
    fail(
      evaluation,
      `Template error: Fn::Select cannot select nonexistent value at index ${number}`,
    )
  );
}

function resolveSplit(argument: Json, evaluation: Evaluation): Json | undefined {
  const [delimiter, text] = isList(argument) ? argument : [];
  return resolveText(text, evaluation).split(textOf(delimiter) ?? '');
}

function resolveMapping(argument: Json, evaluation: Evaluation): Json | undefined {
  const keys = (isList(argument) ? argument.slice(0, 3) : []).map((key) =>
    resolveText(key, evaluation),
  );
  let found: Json | undefined = evaluation.scope.mappings;
  for (const key of keys) found = memberOf(found, key);
  const options = isList(argument) ? memberOf(argument[3], 'DefaultValue') : undefined;
  const value = found ?? (options === undefined ? undefined : resolve(options, evaluation));
  const [map = '', ...rest] = keys;
  return (
    value ??
    fail(evaluation, `Template error: Unable to get mapping for ${[map, ...rest].join('::')}`)
  );
}

function resolveIf(argument: Json, evaluation: Evaluation): Json | undefined {
  const [name, whenTrue, whenFalse] = isList(argument) ? argument : [];
  if (whenTrue === undefined || whenFalse === undefined) {
    return fail(
      evaluation,
      'Template error: Fn::If requires a list argument with three parameters',
    );
  }
  const isMet = resolveCondition(name ?? '', evaluation);
  return resolve(isMet === true ? whenTrue : whenFalse, evaluation);
}

function resolveEquals(argument: Json, evaluation: Evaluation): boolean {
  const [a, b] = (isList(argument) ? argument : []).map((side) => resolve(side, evaluation));
  // Scalars are compared as texts: parameters are texts, and templates write 1 or "1".
  return isSameJson(textOf(a) ?? a, textOf(b) ?? b);
}

function truths(argument: Json, evaluation: Evaluation): readonly boolean[] {
  const items = isList(argument) ? argument : [argument];
  return items.map((item) => resolve(item, evaluation) === true);
}

function resolveCondition(name: Json, evaluation: Evaluation): Json | undefined {
  const declared = evaluation.scope.conditions.get(textOf(name) ?? '');
  if (declared !== undefined) return resolve(declared, evaluation);
  return fail(
    evaluation,
    `Template format error: Unresolved condition dependency ${textOf(name) ?? ''}`,
  );
}

function resolveImport(argument: Json, evaluation: Evaluation): Json | undefined {
  const name = resolveText(argument, evaluation);
  return evaluation.scope.importValue(name) ?? fail(evaluation, `No export named ${name} found.`);
}

function resolveCidr(argument: Json, evaluation: Evaluation): Json | undefined {
  const [block, count, bits] = (isList(argument) ? argument : []).map((part) =>
    resolveText(part, evaluation),
  );
  const blocks = addressBlocks(block ?? '', Number(count), Number(bits ?? 8));
  return blocks ?? fail(evaluation, `Template error: Fn::Cidr cannot divide ${block ?? ''}`);
}
