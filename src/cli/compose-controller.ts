// Puts a controller together from a config, with the store and AWS behind it, and takes it apart
// again. Who may reach it is `serve-control.ts`.

import { hostname } from 'node:os';
import type { AwsConnection } from '../aws/client-settings.ts';
import { createAwsNativeScaling } from '../aws/native-scaling.ts';
import { createAwsScalingTarget } from '../aws/scaling-target.ts';
import type { Config, GroupConfig, GroupTarget, SourceOrigin } from '../config/config.ts';
import { readCalendar } from '../config/read-calendar.ts';
import { Controller } from '../controller/controller.ts';
import type { GroupSettings } from '../controller/group-settings.ts';
import type { Clock } from '../controller/ports/clock.ts';
import type { ReadModel } from '../controller/ports/control.ts';
import type { Log } from '../controller/ports/log.ts';
import type { Telemetry } from '../controller/ports/telemetry.ts';
import { listRead } from '../controller/group-signals.ts';
import { lookAheadMs } from '../controller/read-forecasts.ts';
import { createReadModel } from '../controller/read-model.ts';
import { createPublishers } from '../publish/create-publishers.ts';
import { createSources, type Sources } from '../sources/create-sources.ts';
import { openStore } from '../store/open-store.ts';
import { ThreadFitter } from './forecasting/thread-fitter.ts';
import { GroupDiscovery } from './group-discovery.ts';
import { readVersion } from './version.ts';

/** How long a stop may take before it is broken off. */
const stopWithinMs = 10_000;

export interface ControllerSurroundings {
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
  /** What is not given comes from the SDK's own sources. */
  readonly aws: AwsConnection;
  /** Whether other controllers' groups are on the same broker, so that their reports are no mistake. */
  readonly sharesBroker?: boolean;
}

export interface ComposedController {
  readonly controller: Controller;
  readonly read: ReadModel;
  /** Runs the controller, and looks for groups that are found by their tags. */
  start(): Promise<void>;
  /** Takes over the groups of another config; the rest of it is not looked at. */
  reconfigure(config: Config): Promise<void>;
  /** Looks for groups by their tags at once, not only each minute. */
  discover(): Promise<void>;
  /** Lets go of the store and of AWS; stops the controller first, if it runs. */
  stop(): Promise<void>;
}

export function composeController(
  config: Config,
  surroundings: ControllerSurroundings,
): ComposedController {
  const { clock, log, telemetry, aws } = surroundings;
  const store = openStore({
    path: config.store.path,
    foretideVersion: readVersion(),
    ...(config.store.onCorrupt === 'set-aside' && {
      onSetAside: (path) => log.write('warn', `the store was damaged and stands aside as ${path}`),
    }),
  });
  const target = createAwsScalingTarget({ now: () => clock.now(), connection: aws });
  const native = createAwsNativeScaling({ connection: aws });
  const sources = createSources({ now: () => clock.now(), connection: aws });
  const publishers = createPublishers(config.publish, { clock, log, connection: aws });
  const fitter = new ThreadFitter();
  const controller = new Controller({
    ...(publishers.announcer !== null && { announcer: publishers.announcer }),
    id: `${hostname()}:${config.store.path}`,
    groups: listSettings(config, sources),
    loadTopics: config.loadTopics,
    hearsOthers: surroundings.sharesBroker !== true,
    clock,
    log,
    target,
    activities: target,
    native,
    telemetry,
    store,
    fitter,
  });
  // Which topics feed which group is bound to the broker's side.
  const { loadTopics } = config;
  const discovery = new GroupDiscovery({
    config,
    clock,
    log,
    listing: target,
    apply: (groups) => controller.reconfigure(listSettings({ groups, loadTopics }, sources)),
  });
  const read = createReadModel(controller, { store, clock });
  return {
    controller,
    read,
    start: async () => {
      await controller.start();
      await discovery.start();
      publishers.start(read);
    },
    reconfigure: (wanted) => discovery.reconfigure(wanted),
    discover: () => discovery.look(),
    stop: async () => {
      const stopped = discovery.stop().then(() => controller.stop());
      await Promise.race([stopped.then(() => publishers.stop()), giveUp()]);
      target.close();
      native.close();
      sources.close();
      await Promise.all([fitter.close(), store.close()]);
    },
  };
}

function giveUp(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, stopWithinMs).unref();
  return promise;
}

type GroupsPart = Pick<Config, 'groups' | 'loadTopics'>;

function listSettings(config: GroupsPart, sources: Sources): readonly GroupSettings[] {
  return config.groups.map((group) => toSettings(group, config, sources));
}

function toSettings(configured: GroupConfig, config: GroupsPart, sources: Sources): GroupSettings {
  const { group, target, honorCooldown, staleAfterMs, calendar } = configured;
  const demand = configured.demand === null ? {} : { demand: configured.demand };
  const signals = new Set([
    'cpu',
    ...listRead({ group, ...demand }).map(({ signal }) => signal),
    ...configured.sources.map(({ name }) => name),
    configured.forecast.signal,
  ]);
  return {
    group,
    target,
    honorCooldown,
    staleAfterMs,
    pricePerInstanceHour: configured.pricePerInstanceHour,
    hasLoadTopic: config.loadTopics.some((loadTopic) => loadTopic.group === group.name),
    sources: configured.sources.map(({ origin, ...terms }) => ({
      ...terms,
      source: sources.create(withDefaults(origin, target)),
    })),
    historySignals: [...signals],
    ...demand,
    forecast: {
      ...configured.forecast,
      fits: !group.policies.some((one) => one.type === 'demand' && !one.isForecasting),
      spansMs: group.policies.flatMap((one) => (one.type === 'forecast' ? lookAheadMs(one) : [])),
    },
    readCalendar: (now) => readCalendar(calendar, now),
  };
}

/** A source of AWS is where its group is, and reached as it is, unless the config says otherwise. */
function withDefaults(origin: SourceOrigin, target: GroupTarget): SourceOrigin {
  if (origin.type !== 'sqs' && origin.type !== 'cloudwatch') return origin;
  const region = origin.region ?? target.region;
  return { ...origin, region, roleArn: origin.roleArn ?? target.roleArn };
}
