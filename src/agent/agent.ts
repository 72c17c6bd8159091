// One running agent: samples the machine and its applications once an interval and gives the samples
// to the uplink. Used by the bundled agent and, in the same process, by `foretide agent`.

import type { Command } from '../wire/command.ts';
import { createBoards, type Boards } from './application/boards.ts';
import { openSignalServer, type SignalServer } from './application/signal-server.ts';
import { describeForBalancer, openAgentCheck, SmoothedLoad } from './agent-check.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Drain } from './drain/drain.ts';
import { describeBroker } from './describe-end.ts';
import { stderrLog, TroubleLog, type Log } from './log.ts';
import { openMachine } from './machine.ts';
import type { AgentOptions } from './options.ts';
import { Sampler } from './sampler.ts';
import { Uplink } from './uplink.ts';

/** What an agent takes from the machine beside its files and its network. */
export interface AgentPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export interface AgentCounts {
  readonly sampled: number;
  readonly delivered: number;
  /** In the outbox: not yet sent, or not yet acknowledged. */
  readonly waiting: number;
  readonly dropped: number;
  readonly ticksSkipped: number;
}

export interface AgentHandle {
  /** Changes with every start; told in every report. */
  readonly session: string;
  /** Where HAProxy may ask, or null. */
  readonly agentCheckPort: number | null;
  /** Where applications post their signals, or null. */
  readonly signalPort: number | null;
  readonly isConnected: boolean;
  counts(): AgentCounts;
  /** Says good-bye (`offline`), and ends everything that was started. */
  stop(): Promise<void>;
}

const systemPorts: AgentPorts = { clock: systemClock, log: stderrLog, random: Math.random };

/** Starts an agent. Rejects only when a port that it is to listen on cannot be had. */
export async function runAgent(
  options: AgentOptions,
  ports: AgentPorts = systemPorts,
): Promise<AgentHandle> {
  const { clock, log } = ports;
  const troubles = new TroubleLog(log);
  const session = makeSession(ports);
  let isToldToDrain = false;
  let endsAtMs = Number.POSITIVE_INFINITY;
  let drain: Drain | null = null;
  // An instance that is to end drains, whatever it is told.
  const state = (): 'online' | 'draining' =>
    isToldToDrain || drain?.isDraining === true ? 'draining' : 'online';
  const boards = createBoards(options.application.lifetimeMs, () => {
    const withinMs = Math.max(0, endsAtMs - clock.monotonicMs());
    const isTimed = isToldToDrain && Number.isFinite(withinMs);
    return { state: state(), ...(isTimed && { withinMs: Math.round(withinMs) }) };
  });
  const server = await openServer(options, boards, clock);
  const machine = openMachine(options, boards, clock, troubles);
  const load = new SmoothedLoad();
  const check =
    options.agentCheck === undefined
      ? null
      : await openAgentCheck(options.agentCheck, () => describeForBalancer(state(), load.value));
  let sequence = 0;
  let ticksSkipped = 0;

  const uplink = new Uplink(options, session, { ...ports, troubles, onCommand: obey });
  const { group, instance } = options.identity;
  const sampler = new Sampler(`${group}/${instance}`, options.intervalMs, clock, {
    onTick(skipped) {
      ticksSkipped += skipped;
      sequence += 1;
      const sampledAtMs = clock.monotonicMs();
      const signalsJson = machine.sample();
      if (machine.cpuRatio !== null) load.add(machine.cpuRatio, sampledAtMs);
      uplink.offer({ sequence, sampledAtMs, signalsJson, workJson: machine.takeWork() });
    },
  });

  function obey(command: Command): void {
    if (command.command === 'set-interval') sampler.setInterval(command.intervalMs);
    else isToldToDrain = command.command === 'drain';
    if (command.command === 'drain') {
      endsAtMs = clock.monotonicMs() + (command.withinMs ?? Number.POSITIVE_INFINITY);
    }
    log.info(`obeyed ${JSON.stringify(command)}`);
    tellState();
  }

  function tellState(): void {
    uplink.tellState(state(), sampler.intervalMs);
  }

  if (options.drain !== undefined) {
    const { openDrain } = await import('./drain/open-drain.ts');
    drain = openDrain(options.drain, options.identity, {
      clock,
      log,
      troubles,
      connections: () => {
        if (drain?.isDraining === true) machine.hurry();
        return machine.connections;
      },
      changed: tellState,
    });
  }

  machine.sample();
  sampler.start();
  uplink.start();
  drain?.start();
  log.info(`reporting for ${instance} of ${group} to ${describeBroker(options.broker)}`);
  if (server !== null) log.info(`taking signals at http://127.0.0.1:${server.port}/v1/signals`);

  return {
    session,
    signalPort: server?.port ?? null,
    agentCheckPort: check?.port ?? null,
    get isConnected() {
      return uplink.isUp;
    },
    counts: () => ({
      sampled: sequence,
      delivered: uplink.deliveredCount,
      waiting: uplink.waitingCount,
      dropped: uplink.droppedCount,
      ticksSkipped,
    }),
    async stop() {
      sampler.stop();
      drain?.stop();
      await Promise.all([uplink.close(), machine.close(), server?.close(), check?.close()]);
    },
  };
}

async function openServer(
  { application: { listenPort } }: AgentOptions,
  boards: Boards,
  clock: Clock,
): Promise<SignalServer | null> {
  return listenPort === undefined ? null : openSignalServer(listenPort, boards, clock);
}

/** Unlike that of any other start of this agent: the time of it, and a chance of one in a million. */
function makeSession({ clock, random }: AgentPorts): string {
  return `${clock.epochMs()}-${Math.floor(random() * 1_000_000)}`;
}
