// Tells instances that they are to drain, and those that never answered that they are not: the part of a
// scale-in that goes over the broker. Who drains is the core's decision, which the journal has first.

import { explainDrains } from '../core/explain-drains.ts';
import type { Decision } from '../core/decision.ts';
import type { Command } from '../wire/command.ts';
import { instanceTopic } from '../wire/topics.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Telemetry } from './ports/telemetry.ts';

/** A command may be lost, and an agent that starts anew has forgotten it. */
const repeatMs = 5000;

export interface DrainCallerOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

export class DrainCaller {
  readonly #options: DrainCallerOptions;
  /** When each instance was last told something, by the real clock. */
  readonly #toldAt = new WeakMap<ManagedGroup, Map<string, number>>();
  /** Groups of which it was said that commands are not heard. */
  readonly #said = new WeakSet<ManagedGroup>();

  constructor(options: DrainCallerOptions) {
    this.#options = options;
  }

  /** After each decision that was recorded. */
  tell(group: ManagedGroup, decision: Decision): void {
    this.#complain(group, decision);
    const { draining } = group.state;
    if (draining === undefined || group.heldBy !== null) {
      this.#toldAt.delete(group);
      return;
    }
    const { clock } = this.#options;
    const before = this.#toldAt.get(group);
    const toldAt = new Map<string, number>();
    for (const { instance, isCalledOff, until } of draining) {
      const said = group.fleet.whatSays(instance);
      const last = before?.get(instance);
      if (last !== undefined) toldAt.set(instance, last);
      const isObeyed = isCalledOff ? said !== 'draining' : said === 'draining';
      if (isObeyed || clock.elapsedMs() - (last ?? Number.NEGATIVE_INFINITY) < repeatMs) continue;
      const withinMs = Math.max(0, until - clock.now());
      const command: Command = isCalledOff
        ? { command: 'undrain' }
        : { command: 'drain', withinMs };
      this.#send(group, instance, command);
      toldAt.set(instance, clock.elapsedMs());
    }
    this.#toldAt.set(group, toldAt);
  }

  /** One that cannot be sent is sent again. */
  #send({ group }: ManagedGroup, instance: string, command: Command): void {
    const topic = instanceTopic('command', group.name, instance);
    this.#options.telemetry.publish(topic, JSON.stringify(command), { isRetained: false });
  }

  #complain(group: ManagedGroup, decision: Decision): void {
    if (this.#said.has(group)) return;
    const { callsOff, adjustments } = decision;
    const deaf = adjustments.find(
      ({ reason }) => reason.code === 'busy-instances' && (reason.deaf ?? 0) > 0,
    );
    if (deaf === undefined && callsOff === undefined) return;
    this.#said.add(group);
    const { name } = group.group;
    const what =
      callsOff === undefined
        ? 'busy workers are waited for: some tell of their work and hear no command to drain'
        : explainDrains({ ...decision, draining: [] }).join('; ');
    this.#options.log.write('warn', `${name}: ${what}`);
  }
}
