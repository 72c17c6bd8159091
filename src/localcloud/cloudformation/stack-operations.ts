// The operations that change stacks.

import type { CloudFormation } from '../../cloud/cloudformation/cloudformation.ts';
import {
  cancelUpdate,
  continueRollback,
  createStack,
  deleteStack,
  setProtection,
  updateStack,
} from '../../cloud/cloudformation/stack-operations.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import type { Place } from '../../cloud/registry/stored-resource.ts';
import { flag, list, operation, required, text } from '../input-shape.ts';
import type { Operations } from '../operations.ts';
import {
  blueprintMembers,
  onFailureMembers,
  readBlueprintInput,
  readOnFailure,
  stackName,
} from './stack-input.ts';

export function createStackOperations(cloudFormation: CloudFormation, place: Place): Operations {
  return {
    CreateStack: operation(
      {
        ...blueprintMembers,
        ...onFailureMembers,
        StackName: stackName,
        EnableTerminationProtection: flag(),
      },
      (input, { now }) => {
        const blueprint = readBlueprintInput(place, input, undefined);
        if (!blueprint.ok) return blueprint;
        const request = {
          ...blueprint.value,
          name: input.StackName,
          onFailure: readOnFailure(input),
          isProtected: input.EnableTerminationProtection ?? false,
        };
        return idOf(createStack(cloudFormation, request, now));
      },
    ),
    UpdateStack: operation({ ...blueprintMembers, StackName: stackName }, (input, { now }) =>
      idOf(
        updateStack(
          cloudFormation,
          input.StackName,
          (stack) => readBlueprintInput(place, input, stack),
          now,
        ),
      ),
    ),
    DeleteStack: operation(
      { StackName: stackName, RetainResources: list(required(text(), '')) },
      (input, { now }) =>
        nothing(deleteStack(cloudFormation, input.StackName, input.RetainResources, now)),
    ),
    CancelUpdateStack: operation({ StackName: stackName }, (input, { now }) =>
      nothing(cancelUpdate(cloudFormation, input.StackName, now)),
    ),
    ContinueUpdateRollback: operation(
      { StackName: stackName, ResourcesToSkip: list(required(text(), '')) },
      (input, { now }) =>
        nothing(continueRollback(cloudFormation, input.StackName, input.ResourcesToSkip, now)),
    ),
    UpdateTerminationProtection: operation(
      { StackName: stackName, EnableTerminationProtection: required(flag(), false) },
      (input) =>
        idOf(setProtection(cloudFormation, input.StackName, input.EnableTerminationProtection)),
    ),
  };
}

function idOf(outcome: Outcome<{ readonly id: string }>): Outcome<{ readonly StackId: string }> {
  return outcome.ok ? succeed({ StackId: outcome.value.id }) : outcome;
}

function nothing(outcome: Outcome<unknown>): Outcome<Readonly<Record<string, unknown>>> {
  return outcome.ok ? succeed({}) : outcome;
}
