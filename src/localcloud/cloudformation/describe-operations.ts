// The operations that tell of stacks, their resources and events.

import type { CloudFormation } from '../../cloud/cloudformation/cloudformation.ts';
import { findStack, listExports } from '../../cloud/cloudformation/cloudformation.ts';
import { refuseUnknownStack, refuseValidation } from '../../cloud/cloudformation/faults.ts';
import { importersOf } from '../../cloud/cloudformation/stack-operations.ts';
import type { Stack } from '../../cloud/cloudformation/stack.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import { list, operation, required, text } from '../input-shape.ts';
import type { Operations } from '../operations.ts';
import { takePage } from '../paging.ts';
import { stackName } from './stack-input.ts';
import {
  eventOutput,
  resourceOutput,
  shownResources,
  stackOutput,
  summaryOutput,
} from './stack-output.ts';

type Output = Readonly<Record<string, unknown>>;

/** "up to 1 MB or 100": pages of all lists here. */
const PAGE_SIZE = 100;

export function createDescribeOperations(cloudFormation: CloudFormation): Operations {
  const withStack =
    (tell: (stack: Stack, input: Input) => Outcome<Output>) =>
    (input: Input): Outcome<Output> => {
      const stack = findStack(cloudFormation, input.StackName);
      return stack === undefined ? refuseUnknownStack(input.StackName) : tell(stack, input);
    };
  const pagedStack = { StackName: stackName, NextToken: text() } as const;
  return {
    DescribeStacks: operation({ StackName: text(), NextToken: text() }, (input) =>
      describeStacks(cloudFormation, input.StackName, input.NextToken),
    ),
    ListStacks: operation(
      { StackStatusFilter: list(required(text(), '')), NextToken: text() },
      (input) => {
        const stacks = newestFirst(cloudFormation).filter(
          ({ status }) =>
            input.StackStatusFilter.length === 0 || input.StackStatusFilter.includes(status),
        );
        return paged(stacks, input.NextToken, 'StackSummaries', summaryOutput);
      },
    ),
    DescribeStackEvents: operation(
      pagedStack,
      withStack((stack, { NextToken }) =>
        paged(stack.events.toReversed(), NextToken, 'StackEvents', (event) =>
          eventOutput(stack, event),
        ),
      ),
    ),
    ListStackResources: operation(
      pagedStack,
      withStack((stack, { NextToken }) =>
        paged(shownResources(stack), NextToken, 'StackResourceSummaries', (resource) =>
          resourceOutput(stack, resource),
        ),
      ),
    ),
    DescribeStackResources: operation(
      { StackName: stackName, LogicalResourceId: text(), NextToken: text() },
      withStack((stack, { LogicalResourceId: wanted }) =>
        succeed({
          StackResources: shownResources(stack)
            .filter(({ logicalId }) => wanted === undefined || wanted === logicalId)
            .map((resource) => resourceOutput(stack, resource)),
        }),
      ),
    ),
    DescribeStackResource: operation(
      { StackName: stackName, LogicalResourceId: required(text(), ''), NextToken: text() },
      withStack((stack, { LogicalResourceId: wanted = '' }) => {
        const resource = shownResources(stack).find(({ logicalId }) => logicalId === wanted);
        return resource === undefined
          ? refuseValidation(`Resource ${wanted} does not exist for stack ${stack.name}`)
          : succeed({ StackResourceDetail: resourceOutput(stack, resource) });
      }),
    ),
    ListExports: operation({}, () =>
      succeed({
        Exports: listExports(cloudFormation).map(({ name, stack, output }) => ({
          ExportingStackId: stack.id,
          Name: name,
          Value: output.value,
        })),
      }),
    ),
    ListImports: operation({ ExportName: required(text(), '') }, ({ ExportName: name }) => {
      const importers = importersOf(cloudFormation, name);
      return importers.length === 0
        ? refuseValidation(`Export '${name}' is not imported by any stack.`)
        : succeed({ Imports: importers });
    }),
  };
}

interface Input {
  readonly StackName: string;
  readonly NextToken: string | undefined;
  readonly LogicalResourceId?: string | undefined;
}

function describeStacks(
  cloudFormation: CloudFormation,
  name: string | undefined,
  token: string | undefined,
): Outcome<Output> {
  if (name === undefined || name === '') {
    const live = newestFirst(cloudFormation).filter(({ deletedAt }) => deletedAt === undefined);
    return paged(live, token, 'Stacks', stackOutput);
  }
  const stack = findStack(cloudFormation, name);
  return stack === undefined ? refuseUnknownStack(name) : succeed({ Stacks: [stackOutput(stack)] });
}

function newestFirst({ stacks }: CloudFormation): readonly Stack[] {
  return [...stacks.values()].toReversed();
}

/** Lists here have an order of their own: a token holds how far a reader has come. */
function paged<T>(
  items: readonly T[],
  token: string | undefined,
  member: string,
  tell: (item: T) => Output,
): Outcome<Output> {
  const numbered = items.map((item, index) => ({ item, key: String(index).padStart(9, '0') }));
  const page = takePage(numbered, ({ key }) => key, { size: PAGE_SIZE, token });
  if (!page.ok) return page;
  const { nextToken: NextToken } = page.value;
  return succeed({ [member]: page.value.items.map(({ item }) => tell(item)), NextToken });
}
