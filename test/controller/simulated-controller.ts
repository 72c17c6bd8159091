// The real controller on virtual time: over the cloud model, a simulated broker and a store in
// memory. Every instance in service reports what the test says it carries.

import { createGroup, DEFAULT_GROUP_SETTINGS } from '../../src/cloud/create-group.ts';
import { createLaunchConfiguration } from '../../src/cloud/define-launch-source.ts';
import type { Instance } from '../../src/cloud/instance.ts';
import { World } from '../../src/cloud/world.ts';
import type { WorldOptions } from '../../src/cloud/world-options.ts';
import { Controller } from '../../src/controller/controller.ts';
import type { GroupSettings } from '../../src/controller/group-settings.ts';
import type { LoadTopic } from '../../src/controller/message-router.ts';
import type { NativeScaling } from '../../src/controller/ports/native-scaling.ts';
import type { LogLevel } from '../../src/controller/ports/log.ts';
import type { Group } from '../../src/core/group.ts';
import { selectSignal } from '../../src/core/signal.ts';
import { SimulatedTelemetry } from '../../src/simulation/simulated-telemetry.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';
import {
  createWorldActivities,
  createWorldTarget,
  type CallFault,
} from '../../src/simulation/world-target.ts';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory-store.ts';
import { instanceTopic } from '../../src/wire/topics.ts';

export const startMs = 1_767_225_600_000;

export const trackingCpu: Group = {
  name: 'web',
  mode: 'active',
  min: 1,
  max: 20,
  warmupMs: 30_000,
  cooldown: { scaleOutMs: 0, scaleInMs: 0 },
  stabilization: { scaleOutMs: 0, scaleInMs: 60_000 },
  minReportingRatio: 0.5,
  policies: [
    {
      type: 'target-tracking',
      name: 'cpu',
      selector: selectSignal('cpu', 'mean', 1000),
      target: 0.6,
      tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
    },
  ],
};

export interface StandOptions {
  readonly group?: Partial<Group>;
  readonly settings?: Partial<GroupSettings>;
  readonly loadTopics?: readonly LoadTopic[];
  readonly desired?: number;
  readonly store?: MemoryStore;
  readonly id?: string;
  readonly launchFailureRatio?: number;
  /** AWS's own policies, over the world. */
  readonly native?: (world: World, clock: VirtualClock) => NativeScaling;
  readonly world?: Partial<WorldOptions>;
}

export class SimulatedController {
  readonly clock = new VirtualClock(startMs);
  readonly telemetry = new SimulatedTelemetry(this.clock);
  readonly store: MemoryStore;
  readonly world: World;
  readonly log: { readonly level: LogLevel; readonly message: string }[] = [];
  readonly faults: (CallFault | null)[] = [];
  describeFault: CallFault | null = null;
  /** The work that arrives, in whole instances; null: the instances say nothing. */
  load: number | null = 2;
  controller: Controller;
  readonly #options: StandOptions;
  #sequence = 0;

  constructor(options: StandOptions = {}) {
    this.#options = options;
    this.store = options.store ?? createMemoryStore();
    this.world = new World(startMs, {
      seed: 7,
      launchFailureRatio: options.launchFailureRatio ?? 0,
      ...options.world,
    });
    createLaunchConfiguration(this.world, {
      name: 'web',
      imageId: 'ami-1',
      instanceType: 'm5.large',
      keyName: undefined,
    });
    createGroup(this.world, {
      name: 'web-asg',
      desired: options.desired ?? 4,
      tags: [],
      hooks: [],
      settings: {
        ...DEFAULT_GROUP_SETTINGS,
        source: { kind: 'launch-configuration', name: 'web' },
        zones: this.world.options.zones,
        serviceLinkedRoleArn: 'arn:aws:iam::123456789012:role/test',
        min: 0,
        max: 100,
      },
    });
    this.controller = this.createController();
  }

  /** A controller over the same world, broker and store: the first one, or its successor. */
  createController(id = this.#options.id ?? 'a'): Controller {
    const { clock, telemetry, store, world } = this;
    const target = createWorldTarget({
      world,
      clock,
      latencyMs: 100,
      findFault: (call) =>
        call === 'describe' ? this.describeFault : (this.faults.shift() ?? null),
    });
    const settings: GroupSettings = {
      group: { ...trackingCpu, ...this.#options.group },
      target: { autoScalingGroup: 'web-asg', region: null, roleArn: null },
      honorCooldown: false,
      staleAfterMs: 5000,
      hasLoadTopic: (this.#options.loadTopics ?? []).length > 0,
      historySignals: ['cpu'],
      ...this.#options.settings,
    };
    const { native } = this.#options;
    return new Controller({
      id,
      groups: [settings],
      loadTopics: this.#options.loadTopics ?? [],
      hearsOthers: true,
      clock,
      log: { write: (level, message) => void this.log.push({ level, message }) },
      target,
      activities: createWorldActivities({ world, clock, latencyMs: 100 }),
      ...(native !== undefined && { native: native(world, clock) }),
      telemetry,
      store,
    });
  }

  /** Boots the group, starts the controller and lets the first descriptions in. */
  async start(): Promise<void> {
    await this.run(90);
    await this.controller.start();
    await this.run(3);
  }

  /** Goes on for that many seconds, with a report of every instance in each. */
  async run(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.world.advanceTo(this.clock.now());
      this.reportAll();
      await this.clock.advance(1000);
    }
  }

  inService(): readonly Instance[] {
    return [...this.world.instances.values()].filter(({ lifecycle }) => lifecycle === 'InService');
  }

  get desired(): number {
    return this.world.groups.get('web-asg')?.desired ?? Number.NaN;
  }

  reportAll(): void {
    if (this.load === null) return;
    const serving = this.inService();
    const cpu = Math.min(1, this.load / Math.max(1, serving.length));
    for (const { id } of serving) this.report(id, { cpu });
  }

  report(instance: string, signals: Readonly<Record<string, number>>): void {
    this.#sequence += 1;
    const payload = JSON.stringify({ signals, session: 's', sequence: this.#sequence });
    this.telemetry.deliver(instanceTopic('report', 'web', instance), payload);
  }
}
