// Everything that one agent measures, brought together: the collectors of the machine, and the file,
// the command and the posts of its applications.

import type { Boards } from './application/boards.ts';
import { WatchedCommand } from './application/watched-command.ts';
import { WatchedFile } from './application/watched-file.ts';
import { connectionsAgeSignal, connectionsToPort } from '../wire/signals.ts';
import type { Clock } from './clock.ts';
import type { Collector } from './collectors/collector.ts';
import { openCollectors } from './collectors/index.ts';
import type { ConnectionCount } from './drain/drain.ts';
import type { TroubleLog } from './log.ts';
import type { AgentOptions } from './options.ts';

export type MachineOptions = Pick<AgentOptions, 'application' | 'paths' | 'ports'>;

/** Everything that is measured, as one text of signals. */
export interface Machine {
  /** The signals now, as JSON. Rates span the time since the last call. */
  sample(): string;
  /** Of the last sample; null where the processor is not measured. */
  readonly cpuRatio: number | null;
  /** Of the named ports together; null where none are named or they are not counted yet. */
  readonly connections: ConnectionCount | null;
  /** Somebody waits for the last connection: counts are renewed sooner, where that is dear. */
  hurry(): void;
  /** What workers finished since the last call, as JSON; null if nothing. */
  takeWork(): string | null;
  close(): Promise<void>;
}

export function openMachine(
  { application, paths, ports }: MachineOptions,
  boards: Boards,
  clock: Clock,
  troubles: TroubleLog,
): Machine {
  const { signals: board, work } = boards;
  const collectors = openCollectors(paths, ports, clock);
  const { exec, filePath, lifetimeMs } = application;
  const file =
    filePath === undefined ? null : new WatchedFile(filePath, lifetimeMs, clock, troubles);
  const command = exec === undefined ? null : new WatchedCommand(exec, boards, clock, troubles);
  const problems = new Map<Collector, string | null>();
  let cpuRatio: number | null = null;
  const counted = Array.isArray(ports) ? new Set<string>(ports.map(connectionsToPort)) : null;
  let connections: ConnectionCount | null = null;
  void command?.start();

  function tellProblem(collector: Collector, problem: string | null): void {
    problems.set(collector, problem);
    const { measures } = collector;
    const trouble = `collector ${measures}` as const;
    if (problem === null) troubles.clear(trouble, `measured again: ${measures}`);
    else troubles.say(trouble, `not measured: ${measures}: ${problem}`);
  }

  return {
    sample() {
      const nowMs = clock.monotonicMs();
      let json = '';
      // Names are signal names, which need no escape, and values are finite.
      cpuRatio = null;
      connections = null;
      let total = 0;
      const put = (name: string, value: number): void => {
        if (name === 'cpu') cpuRatio = value;
        else if (counted?.has(name) === true) total += value;
        else if (counted !== null && name === connectionsAgeSignal) {
          connections = { total, countedAtMs: nowMs - value };
        }
        json += json === '' ? `"${name}":${value}` : `,"${name}":${value}`;
      };
      for (const collector of collectors) {
        collector.collect(nowMs, put);
        const problem = collector.problem();
        if (problem !== problems.get(collector)) tellProblem(collector, problem);
      }
      file?.refresh(board);
      board.collect(nowMs, put);
      work.collect(nowMs, put);
      return `{${json}}`;
    },
    get cpuRatio() {
      return cpuRatio;
    },
    get connections() {
      return connections;
    },
    hurry() {
      for (const collector of collectors) collector.hurry?.();
    },
    takeWork: () => work.takeJson(),
    async close() {
      for (const collector of collectors) collector.close();
      await command?.stop();
    },
  };
}
