// The operations on templates as such, and on change sets.

import { checkTemplate, requiredCapability } from '../../cloud/cloudformation/blueprint.ts';
import type { CloudFormation } from '../../cloud/cloudformation/cloudformation.ts';
import { findStack } from '../../cloud/cloudformation/cloudformation.ts';
import {
  createChangeSet,
  deleteChangeSet,
  executeChangeSet,
  findChangeSet,
} from '../../cloud/cloudformation/change-sets.ts';
import { refuseUnknownStack } from '../../cloud/cloudformation/faults.ts';
import { isList, textOf } from '../../cloud/cloudformation/json.ts';
import type { Template } from '../../cloud/cloudformation/template.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import type { Place } from '../../cloud/registry/stored-resource.ts';
import { oneOf, operation, required, text } from '../input-shape.ts';
import type { Parsed } from '../input-shape.ts';
import type { Operations } from '../operations.ts';
import { readTemplateBody } from './read-template-body.ts';
import {
  blueprintMembers,
  onFailureMembers,
  readBlueprintInput,
  readBody,
  stackName,
  templateMembers,
} from './stack-input.ts';
import { changeSetOutput, changeSetSummary } from './stack-output.ts';

type Output = Readonly<Record<string, unknown>>;

const changeSetMembers = {
  ChangeSetName: required(text({ min: 1, max: 1600 }), ''),
  StackName: text({ min: 1 }),
} as const;

export function createTemplateOperations(cloudFormation: CloudFormation, place: Place): Operations {
  return {
    GetTemplate: operation({ StackName: text(), ChangeSetName: text() }, (input) => {
      const { StackName: name = '' } = input;
      const stack = findStack(cloudFormation, name);
      if (stack === undefined) return refuseUnknownStack(name);
      return succeed({
        TemplateBody: stack.blueprint.body,
        StagesAvailable: ['Original', 'Processed'],
      });
    }),
    ValidateTemplate: operation(templateMembers, (input) => {
      const template = readWhole(cloudFormation, place, input);
      if (!template.ok) return template;
      return succeed({
        ...capabilitiesOf(template.value),
        Description: template.value.description,
        Parameters: parametersOf(template.value).map(
          ({ ParameterType: _type, ParameterConstraints: _constraints, ...rest }) => rest,
        ),
      });
    }),
    GetTemplateSummary: operation({ ...templateMembers, StackName: text() }, (input) => {
      const stack =
        input.StackName === undefined ? undefined : findStack(cloudFormation, input.StackName);
      if (input.StackName !== undefined && stack === undefined) {
        return refuseUnknownStack(input.StackName);
      }
      const chosen = stack === undefined ? input : { ...input, TemplateBody: stack.blueprint.body };
      const template = readWhole(cloudFormation, place, chosen);
      if (!template.ok) return template;
      const types = [...template.value.resources.values()].map(({ type }) => type);
      return succeed({
        ...capabilitiesOf(template.value),
        Description: template.value.description,
        Parameters: parametersOf(template.value),
        ResourceTypes: [...new Set(types)].toSorted(),
        Version: '2010-09-09',
      });
    }),
    EstimateTemplateCost: operation(templateMembers, (input) => {
      const template = readWhole(cloudFormation, place, input);
      // AWS answers with a page of its calculator; there is none here to fill in.
      return template.ok ? succeed({ Url: 'https://calculator.aws/' }) : template;
    }),
    ...createChangeSetOperations(cloudFormation, place),
  };
}

function createChangeSetOperations(cloudFormation: CloudFormation, place: Place): Operations {
  return {
    CreateChangeSet: operation(
      {
        ...blueprintMembers,
        OnStackFailure: onFailureMembers.OnFailure,
        StackName: stackName,
        ChangeSetName: required(text({ min: 1, max: 128 }), ''),
        ChangeSetType: oneOf(['CREATE', 'UPDATE']),
        Description: text({ min: 1, max: 1024 }),
      },
      (input, { now }) => {
        const created = createChangeSet(
          cloudFormation,
          {
            stackName: input.StackName,
            name: input.ChangeSetName,
            kind: input.ChangeSetType ?? 'UPDATE',
            description: input.Description,
            onFailure: input.OnStackFailure ?? 'ROLLBACK',
            blueprint: (stack) => readBlueprintInput(place, input, stack),
          },
          now,
        );
        if (!created.ok) return created;
        return succeed({ Id: created.value.changeSet.id, StackId: created.value.stack.id });
      },
    ),
    DescribeChangeSet: operation(changeSetMembers, (input) => {
      const found = findChangeSet(cloudFormation, input.ChangeSetName, input.StackName);
      if (!found.ok) return found;
      return succeed(changeSetOutput(found.value.stack, found.value.changeSet));
    }),
    ListChangeSets: operation({ StackName: stackName }, (input) => {
      const stack = findStack(cloudFormation, input.StackName);
      if (stack === undefined) return refuseUnknownStack(input.StackName);
      const summaries = [...stack.changeSets.values()].map((one) => changeSetSummary(stack, one));
      return succeed({ Summaries: summaries });
    }),
    ExecuteChangeSet: operation(changeSetMembers, (input, { now }) => {
      const { ChangeSetName: name, StackName: stack } = input;
      const executed = executeChangeSet(cloudFormation, name, stack, now);
      return executed.ok ? succeed({}) : executed;
    }),
    DeleteChangeSet: operation(changeSetMembers, (input) => {
      const { ChangeSetName: name, StackName: stack } = input;
      const deleted = deleteChangeSet(cloudFormation, name, stack);
      return deleted.ok ? succeed({}) : deleted;
    }),
  };
}

function readWhole(
  cloudFormation: CloudFormation,
  place: Place,
  input: Parsed<typeof templateMembers>,
): Outcome<Template> {
  const body = readBody(place, input);
  if (!body.ok) return body;
  const source = readTemplateBody(body.value);
  return source.ok ? checkTemplate(cloudFormation, source.value) : source;
}

function capabilitiesOf(template: Template): Output {
  const capability = requiredCapability(template);
  if (capability === undefined) return {};
  const types = [...template.resources.values()]
    .map(({ type }) => type)
    .filter((type) => type.startsWith('AWS::IAM::'));
  return {
    Capabilities: [capability],
    CapabilitiesReason: `The following resource(s) require capabilities: [${[...new Set(types)].join(', ')}]`,
  };
}

function parametersOf(template: Template): readonly Output[] {
  return [...template.parameters].map(([key, declared]) => {
    const allowed = declared['AllowedValues'];
    return {
      ParameterKey: key,
      DefaultValue: textOf(declared['Default']),
      ParameterType: textOf(declared['Type']),
      NoEcho: textOf(declared['NoEcho']) === 'true',
      Description: textOf(declared['Description']),
      ParameterConstraints: isList(allowed) ? { AllowedValues: allowed } : undefined,
    };
  });
}
