// A stack's events for people: on a terminal a line that is written over, elsewhere a line each.

import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { StackView } from '../deploy/follow-stack.ts';

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barCells = 24;
const columnsDefault = 80;

/** `resourceCount` 0: not known. */
export function createStackProgress(terminal: Terminal, resourceCount: number): StackView {
  return terminal.isTTY === true
    ? createLiveLine(terminal, resourceCount)
    : createPlainLines(terminal);
}

function createPlainLines(terminal: Terminal): StackView {
  return {
    event(event) {
      // Said a second time of every resource, and nothing new.
      if (/^Resource \w+ Initiated$/iu.test(event.ResourceStatusReason ?? '')) return;
      terminal.write(`${describeEvent(event)}\n`);
    },
    end: () => undefined,
  };
}

function createLiveLine(terminal: Terminal, resourceCount: number): StackView {
  const done = new Set<string>();
  const underWay = new Set<string>();
  const draw = (): void => {
    const share = resourceCount === 0 ? 0 : Math.min(1, done.size / resourceCount);
    const filled = Math.round(share * barCells);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}`;
    const now = [...underWay].join(', ');
    const line = `${bar} ${done.size}/${Math.max(resourceCount, done.size)}  ${now}`;
    terminal.write(`\r\u001B[2K${line.slice(0, (terminal.columns ?? columnsDefault) - 1)}`);
  };
  return {
    event(event) {
      const name = event.LogicalResourceId ?? '?';
      const status = event.ResourceStatus ?? '';
      if (name === event.StackName) return;
      if (status.endsWith('_FAILED')) terminal.write(`\r\u001B[2K${describeEvent(event)}\n`);
      if (status.endsWith('_IN_PROGRESS')) underWay.add(name);
      else underWay.delete(name);
      if (status.endsWith('_COMPLETE')) done.add(name);
      draw();
    },
    end: () => void terminal.write('\r\u001B[2K'),
  };
}

function describeEvent(event: StackEvent): string {
  const { LogicalResourceId, ResourceStatus, ResourceStatusReason, ResourceType, Timestamp } =
    event;
  const time = Timestamp?.toISOString().slice(11, 19) ?? '--:--:--';
  const reason = ResourceStatusReason === undefined ? '' : `: ${ResourceStatusReason}`;
  return `${time} ${(ResourceStatus ?? '').padEnd(18)} ${LogicalResourceId} (${ResourceType})${reason}`;
}
