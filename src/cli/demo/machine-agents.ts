// The demo's real agents: one process for each instance of this machine's own group, all of them
// measuring this machine. They are what `foretide agent` runs.

import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CancelTimer, Clock } from '../../controller/ports/clock.ts';
import type { DemoInstance } from './simulated-fleet.ts';

const followEveryMs = 500;
/** Beside this file in the source, and in what is compiled from it. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const agentProgram = fileURLToPath(new URL(`../../agent/main.${extension}`, import.meta.url));

export interface MachineAgentsOptions {
  readonly clock: Clock;
  readonly group: string;
  readonly brokerUrl: string;
  readonly list: () => readonly DemoInstance[];
}

export class MachineAgents {
  readonly #options: MachineAgentsOptions;
  readonly #processes = new Map<string, ChildProcess>();
  #cancel: CancelTimer | null = null;

  constructor(options: MachineAgentsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#follow();
    this.#cancel = this.#options.clock.after(followEveryMs, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
    for (const child of this.#processes.values()) child.kill('SIGTERM');
  }

  #follow(): void {
    const serving = new Set<string>();
    for (const { id, isServing } of this.#options.list()) if (isServing) serving.add(id);
    for (const [id, child] of this.#processes) {
      if (serving.has(id)) continue;
      child.kill('SIGTERM');
      this.#processes.delete(id);
    }
    for (const id of serving) {
      if (!this.#processes.has(id)) this.#processes.set(id, this.#spawn(id));
    }
  }

  #spawn(instance: string): ChildProcess {
    const { group, brokerUrl } = this.#options;
    const flags = ['--broker', brokerUrl, '--group', group, '--instance', instance];
    return spawn(process.execPath, [agentProgram, ...flags], { stdio: 'ignore' });
  }
}
