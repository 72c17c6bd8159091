// What a person is shown before anything is done: the changes, and what they cost.

import type { Change } from '@aws-sdk/client-cloudformation';
import { estimateMonthlyCost, formatUsd } from './monthly-cost.ts';
import type { Template } from './template-library.ts';

export function describeChanges(name: string, isNew: boolean, changes: readonly Change[]): string {
  const lines = changes.map(({ ResourceChange: one }) => {
    const isReplaced = one?.Replacement === 'True' ? ', replaced' : '';
    return `  ${(one?.Action ?? '?').toLowerCase().padEnd(7)} ${one?.LogicalResourceId} (${one?.ResourceType}${isReplaced})`;
  });
  const what = isNew ? 'a new stack' : 'changes to the stack';
  return `${what} ${name}, ${changes.length} resources:\n${lines.join('\n')}\n`;
}

export function describeCost(template: Template, parameters: ReadonlyMap<string, string>): string {
  const { lines, unknownTypes } = estimateMonthlyCost(template, parameters);
  const least = lines.reduce((sum, { leastUsd }) => sum + leastUsd, 0);
  const most = lines.reduce((sum, { mostUsd }) => sum + mostUsd, 0);
  const range = (from: number, to: number): string =>
    from === to ? formatUsd(from) : `${formatUsd(from)} to ${formatUsd(to)}`;
  const rows = lines.map(({ leastUsd, mostUsd, what }) => `  ${range(leastUsd, mostUsd)}  ${what}`);
  const without =
    unknownTypes.length === 0
      ? ''
      : `; without ${unknownTypes.join(', ')}, whose price is not known here`;
  return `about ${range(least, most)} a month (list prices of us-east-1, no traffic${without}):\n${rows.join('\n')}\n`;
}
