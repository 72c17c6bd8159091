// The demo: everything on this machine. A group of simulated instances on a fast clock, whose agents
// really publish over MQTT; and a group of this machine alone, at its own pace, with real agents.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedTelemetry } from '../../broker/embedded-telemetry.ts';
import { startBroker, type EmbeddedBroker } from '../../broker/embedded-broker.ts';
import { createToken, hashToken, type TokenEntry } from '../../api/access/tokens.ts';
import type { ConfigDesk } from '../../api/config-desk.ts';
import type { ApiConfig, Config } from '../../config/config.ts';
import type { Clock } from '../../controller/ports/clock.ts';
import type { Log } from '../../controller/ports/log.ts';
import { createClock } from '../clocks.ts';
import { composeController, type ComposedController } from '../compose-controller.ts';
import { createConfigDesk } from '../config-desk.ts';
import { serveControl, type ControlOptions, type ServedControl } from '../serve-control.ts';
import { StartError } from '../start-error.ts';
import { localCredentials, startDemoCloud, type DemoCloud } from './demo-cloud.ts';
import {
  machineConfig,
  machineGroup,
  simulatedConfig,
  simulatedGroup,
  type DemoPlaces,
} from './demo-config.ts';
import { findFreePort } from './free-port.ts';
import { joinControl } from './joined-control.ts';
import { MachineAgents } from './machine-agents.ts';
import { SimulatedFleet } from './simulated-fleet.ts';

export interface DemoOptions {
  readonly speed: number;
  readonly seed: number;
  readonly log: Log;
  /** Where `foretide status` looks for it. */
  readonly socketPath: string;
}

export interface RunningDemo {
  readonly clock: Clock;
  readonly simulated: ComposedController;
  readonly machine: ComposedController;
  readonly fleet: SimulatedFleet;
  readonly brokerUrl: string;
  readonly httpAddress: string;
  /** With it the page may act; it ends with the demo. */
  readonly token: string;
  /** Ports that were taken, and what was used instead. */
  readonly notices: readonly string[];
  stop(): Promise<void>;
}

const brokerPort = 1883;
const apiPort = 8080;

export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const endings: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.toReversed()) await end();
  };
  try {
    return await assemble(options, endings, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  options: DemoOptions,
  endings: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<RunningDemo> {
  const { speed, seed, log, socketPath } = options;
  const folder = mkdtempSync(join(tmpdir(), 'foretide-demo-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const notices: string[] = [];
  const ports = {
    broker: await findFreePort(brokerPort, 'the broker', notices),
    api: await findFreePort(apiPort, 'the HTTP API', notices),
  };
  const broker = await openBroker(ports.broker, log);
  endings.push(() => broker.close());
  const brokerUrl = `mqtt://127.0.0.1:${ports.broker}`;

  const clock = createClock(speed);
  const places = (name: string) => ({
    storePath: join(folder, name, 'store.db'),
    apiPort: ports.api,
  });
  const simulated = await startSide(
    simulatedConfig(places('simulated')),
    { clock, broker, log, seed },
    endings,
  );
  const machine = await startSide(
    machineConfig(places('machine')),
    { clock: createClock(), broker, log, seed },
    endings,
  );

  const fleet = new SimulatedFleet({
    clock,
    group: simulatedGroup,
    broker: { host: '127.0.0.1', port: ports.broker },
    list: () => simulated.cloud.list(),
    random: Math.random,
  });
  fleet.start();
  endings.push(() => fleet.stop());
  const agents = new MachineAgents({
    clock: createClock(),
    group: machineGroup,
    brokerUrl,
    list: () => machine.cloud.list(),
  });
  agents.start();
  endings.push(() => agents.stop());

  const { read, commands } = joinControl(toPart(simulated.composed), toPart(machine.composed));
  const own = join(folder, 'foretide.sock');
  const token = createToken();
  const config = joinDesks(places);
  const parts = { read, commands, log, config, ephemeralToken: describeToken(token) } as const;
  const control = await serveSomewhere(parts, [
    { socketPath, api: apiAt(ports.api) },
    { socketPath, api: apiAt(0) },
    { socketPath: own, api: apiAt(0) },
  ]);
  if (control.socketPath === own) {
    notices.push(`another controller has ${socketPath}, so this one is at --socket ${own}`);
  }
  endings.push(() => control.close());
  await simulated.composed.controller.start();
  await machine.composed.controller.start();
  return {
    clock,
    simulated: simulated.composed,
    machine: machine.composed,
    fleet,
    brokerUrl,
    httpAddress: control.httpAddress,
    token,
    notices,
    stop,
  };
}

function apiAt(port: number): ApiConfig {
  return { listen: { host: '127.0.0.1', port }, tls: null, tokens: [] };
}

function describeToken(token: string): TokenEntry {
  return { name: 'you', role: 'operator', hash: hashToken(token) };
}

/** Both sides' groups as those of one config. */
function joinDesks(places: (name: string) => DemoPlaces): ConfigDesk {
  const first = simulatedConfig(places('simulated'));
  const groups = [...first.groups, ...machineConfig(places('machine')).groups];
  return createConfigDesk(() => ({ ...first, groups }));
}

/** The first place that is free; a demo started a moment ago may have taken the usual one. */
async function serveSomewhere(
  given: Omit<ControlOptions, 'socketPath' | 'api'>,
  places: readonly Pick<ControlOptions, 'socketPath' | 'api'>[],
): Promise<ServedControl & { readonly socketPath: string }> {
  const parts = { ...given, keepsAudit: false };
  for (const place of places.slice(0, -1)) {
    try {
      return { ...(await serveControl({ ...parts, ...place })), socketPath: place.socketPath };
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
    }
  }
  const last = places.at(-1);
  if (last === undefined) throw new Error('there is no place to serve at');
  return { ...(await serveControl({ ...parts, ...last })), socketPath: last.socketPath };
}

interface Side {
  readonly composed: ComposedController;
  readonly cloud: DemoCloud;
}

interface SideParts {
  readonly clock: Clock;
  readonly broker: EmbeddedBroker;
  readonly log: Log;
  readonly seed: number;
}

/** One pace: a local cloud, and a controller that sees only its endpoint and the broker. */
async function startSide(
  config: Config,
  { clock, broker, log, seed }: SideParts,
  endings: (() => Promise<void> | void)[],
): Promise<Side> {
  const [first] = config.groups;
  if (first === undefined) throw new Error('a side of the demo has a group');
  const { group, target } = first;
  const { min, max } = group;
  const isSimulated = group.name === simulatedGroup;
  const desired = isSimulated ? startingSize : min;
  const asg = { name: target.autoScalingGroup, min, max, desired, bootsQuickly: !isSimulated };
  const cloud = await startDemoCloud(clock, asg, seed);
  endings.push(() => cloud.close());
  mkdirSync(join(config.store.path, '..'), { recursive: true });
  const composed = composeController(config, {
    clock,
    log,
    telemetry: createEmbeddedTelemetry(broker, clock),
    aws: { endpoint: cloud.url, credentials: localCredentials },
    sharesBroker: true,
  });
  endings.push(() => composed.stop());
  return { composed, cloud };
}

/** Of the simulated group: what fits its first load. */
const startingSize = 8;

function toPart({ read, controller }: ComposedController) {
  return { read, commands: controller.wishes };
}

async function openBroker(port: number, log: Log): Promise<EmbeddedBroker> {
  const started = await startBroker({
    listeners: [{ host: '127.0.0.1', port, tls: null }],
    credentials: [],
    loadTopics: [],
    log,
  });
  if (!started.ok) throw new StartError(started.problem.message, 1);
  return started.broker;
}
