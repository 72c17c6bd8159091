// EventBridge as a service: rules on the default bus, their targets, and events of callers' own.

import type { EventBus, EventRule, EventTarget } from '../../cloud/events/event-bus.ts';
import { emit, readPattern } from '../../cloud/events/event-bus.ts';
import { patternProblem } from '../../cloud/events/event-pattern.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import type { Sqs } from '../../cloud/sqs/sqs.ts';
import type { World } from '../../cloud/world.ts';
import { isRecord } from '../../cloud/cloudformation/json.ts';
import type { Reader } from '../json-shape.ts';
import { listOf, readText, readTimestamp, structureOf } from '../json-shape.ts';
import { sortByKey } from '../paging.ts';
import type { CallContext, Operation, Service } from '../service.ts';
import { arnOf, ruleOutput } from './rule-output.ts';

type Output = Readonly<Record<string, unknown>>;

export interface EventsPlace {
  readonly bus: EventBus;
  readonly world: World;
  readonly sqs: Sqs;
}

/** "300 rules per Region per event bus", "5 targets per rule": quotas. */
const RULES_MAX = 300;
const TARGETS_MAX = 5;
/** "Array Members: maximum number of 10 items": PutEvents. */
const ENTRIES_MAX = 10;
const NAME = /^[.\-_A-Za-z0-9]{1,64}$/u;

export function createEventsService(place: EventsPlace): Service {
  return {
    signingName: 'events',
    operations: new Map<string, Operation>([
      ['PutRule', putRule(place)],
      ['DescribeRule', withRule(place, (rule, call) => succeed(ruleOutput(rule, call)))],
      ['ListRules', listRules(place)],
      ['DeleteRule', deleteRule(place)],
      ['EnableRule', setEnabled(place, true)],
      ['DisableRule', setEnabled(place, false)],
      ['PutTargets', putTargets(place)],
      ['RemoveTargets', removeTargets(place)],
      ['ListTargetsByRule', listTargets(place)],
      ['PutEvents', putEvents(place)],
    ]),
  };
}

function define<T>(
  readInput: Reader<T>,
  run: (input: T, call: CallContext) => Outcome<Output>,
): Operation {
  return (given, call) => {
    const input = readInput(given, '');
    return input.ok ? run(input.value, call) : input;
  };
}

const readRule = structureOf({
  Name: readText,
  Description: readText,
  EventPattern: readText,
  ScheduleExpression: readText,
  State: readText,
  EventBusName: readText,
});

function putRule({ bus }: EventsPlace): Operation {
  return define(readRule, (input, call) => {
    const { Name: name = '', EventPattern: text, ScheduleExpression: schedule } = input;
    if (!NAME.test(name)) {
      return refuseValidation(
        `Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
      );
    }
    if (text === undefined && schedule === undefined) {
      return refuse(
        'ValidationException',
        'Parameter(s) EventPattern or ScheduleExpression must be specified.',
      );
    }
    const pattern = text === undefined ? undefined : readPattern(text);
    const problem = text === undefined ? undefined : patternProblem(pattern);
    if (problem !== undefined) {
      return refuse(
        'InvalidEventPatternException',
        `Event pattern is not valid. Reason: ${problem}`,
      );
    }
    if (!bus.rules.has(name) && bus.rules.size >= RULES_MAX) {
      return refuse(
        'LimitExceededException',
        'The requested resource exceeds the maximum number allowed.',
      );
    }
    const rule: EventRule = {
      name,
      description: input.Description,
      pattern,
      schedule,
      isEnabled: input.State !== 'DISABLED',
      targets: bus.rules.get(name)?.targets ?? new Map(),
    };
    bus.rules.set(name, rule);
    return succeed({ RuleArn: arnOf(rule, call) });
  });
}

const readName = structureOf({ Name: readText });

function withRule(
  { bus }: EventsPlace,
  run: (rule: EventRule, call: CallContext) => Outcome<Output>,
): Operation {
  return define(readName, ({ Name: name = '' }, call) => {
    const rule = bus.rules.get(name);
    return rule === undefined ? refuseUnknownRule(name) : run(rule, call);
  });
}

function setEnabled(place: EventsPlace, isEnabled: boolean): Operation {
  return withRule(place, (rule) => {
    place.bus.rules.set(rule.name, { ...rule, isEnabled });
    return succeed({});
  });
}

function listRules({ bus }: EventsPlace): Operation {
  return define(structureOf({ NamePrefix: readText }), ({ NamePrefix: prefix = '' }, call) => {
    const rules = sortByKey(bus.rules.values(), ({ name }) => name);
    const shown = rules.filter(({ name }) => name.startsWith(prefix));
    return succeed({ Rules: shown.map((rule) => ruleOutput(rule, call)) });
  });
}

/** Deleting what is not there succeeds. */
function deleteRule({ bus }: EventsPlace): Operation {
  return define(readName, ({ Name: name = '' }) => {
    if ((bus.rules.get(name)?.targets.size ?? 0) > 0) {
      return refuse('ValidationException', "Rule can't be deleted since it has targets.");
    }
    bus.rules.delete(name);
    return succeed({});
  });
}

const readTargets = structureOf({
  Rule: readText,
  Targets: listOf(
    structureOf({
      Id: readText,
      Arn: readText,
      Input: readText,
      InputPath: readText,
      InputTransformer: structureOf({}),
      SqsParameters: structureOf({ MessageGroupId: readText }),
    }),
  ),
});

function putTargets({ bus }: EventsPlace): Operation {
  return define(readTargets, ({ Rule: name = '', Targets: given = [] }) => {
    const rule = bus.rules.get(name);
    if (rule === undefined) return refuseUnknownRule(name);
    if (given.some(({ InputTransformer: transformer }) => transformer !== undefined)) {
      return refuse('ValidationException', 'InputTransformer is not modelled by this local cloud.');
    }
    const ids = new Set([...rule.targets.keys(), ...given.map(({ Id: id = '' }) => id)]);
    if (ids.size > TARGETS_MAX) {
      return refuse(
        'LimitExceededException',
        'The requested resource exceeds the maximum number allowed.',
      );
    }
    for (const {
      Id: id = '',
      Arn: arn = '',
      Input: input,
      InputPath: inputPath,
      SqsParameters,
    } of given) {
      const target: EventTarget = {
        id,
        arn,
        input,
        inputPath,
        messageGroupId: SqsParameters?.MessageGroupId,
      };
      rule.targets.set(id, target);
    }
    return succeed({ FailedEntryCount: 0, FailedEntries: [] });
  });
}

function removeTargets({ bus }: EventsPlace): Operation {
  const readInput = structureOf({ Rule: readText, Ids: listOf(readText) });
  return define(readInput, ({ Rule: name = '', Ids: ids = [] }) => {
    const rule = bus.rules.get(name);
    if (rule === undefined) return refuseUnknownRule(name);
    for (const id of ids) rule.targets.delete(id);
    return succeed({ FailedEntryCount: 0, FailedEntries: [] });
  });
}

function listTargets({ bus }: EventsPlace): Operation {
  return define(structureOf({ Rule: readText }), ({ Rule: name = '' }) => {
    const rule = bus.rules.get(name);
    if (rule === undefined) return refuseUnknownRule(name);
    const targets = [...rule.targets.values()].map(
      ({ id, arn, input, inputPath, messageGroupId }) => ({
        Id: id,
        Arn: arn,
        Input: input,
        InputPath: inputPath,
        SqsParameters:
          messageGroupId === undefined ? undefined : { MessageGroupId: messageGroupId },
      }),
    );
    return succeed({ Targets: targets });
  });
}

const readEntries = structureOf({
  Entries: listOf(
    structureOf({
      Source: readText,
      DetailType: readText,
      Detail: readText,
      Resources: listOf(readText),
      Time: readTimestamp,
    }),
  ),
});

function putEvents(place: EventsPlace): Operation {
  return define(readEntries, ({ Entries: entries = [] }, { now }) => {
    if (entries.length === 0 || entries.length > ENTRIES_MAX) {
      return refuseValidation(
        `Value '[${entries.length} items]' at 'entries' failed to satisfy constraint: ` +
          `Member must have length between 1 and ${ENTRIES_MAX}`,
      );
    }
    const results = entries.map((entry): Output => {
      const { Source: source, DetailType: detailType, Detail: text } = entry;
      const detail = readPattern(text ?? '');
      if (source === undefined || detailType === undefined || text === undefined) {
        const member =
          source === undefined ? 'Source' : detailType === undefined ? 'DetailType' : 'Detail';
        return {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
        };
      }
      if (!isRecord(detail)) {
        return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
      }
      if (source.startsWith('aws.')) {
        return {
          ErrorCode: 'NotAuthorizedForSourceException',
          ErrorMessage: 'Not authorized for the source.',
        };
      }
      const event = {
        source,
        detailType,
        detail,
        at: entry.Time ?? now,
        resources: entry.Resources ?? [],
      };
      return { EventId: emit(place, event, now) };
    });
    return succeed({
      FailedEntryCount: results.filter(({ ErrorCode: code }) => code !== undefined).length,
      Entries: results,
    });
  });
}

function refuseUnknownRule(name: string): Outcome<never> {
  return refuse('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`);
}

function refuseValidation(problem: string): Outcome<never> {
  return refuse('ValidationException', `1 validation error detected: ${problem}`);
}
