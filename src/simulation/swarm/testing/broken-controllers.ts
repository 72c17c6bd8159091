// Controllers that are broken on purpose, each in one way: what the swarm must catch. Each is the
// real one with a port or a method of a group replaced.

import { Controller, type ControllerOptions } from '../../../controller/controller.ts';
import type { ManagedGroup } from '../../../controller/managed-group.ts';
import type { ArrivedMessage, Telemetry } from '../../../controller/ports/telemetry.ts';
import type { CallOutcome } from '../../../core/decision.ts';
import type { Observation } from '../../../core/observation.ts';
import { parseReport } from '../../../wire/report.ts';
import { parseStatus } from '../../../wire/status.ts';
import { parseTopic } from '../../../wire/topics.ts';
import type { Rule } from '../violation.ts';

export interface BrokenController {
  readonly fault: string;
  /** The rule that must catch it; others may as well. */
  readonly breaks: Rule;
  /** Caught it when this was written: where looking begins. */
  readonly likelySeed: number;
  create(options: ControllerOptions): Controller;
}

export const brokenControllers: readonly BrokenController[] = [
  {
    fault: 'starts a cooldown on a refusal',
    breaks: 'cooldown-unfounded',
    likelySeed: 21,
    create: (options) =>
      alterGroups(new Controller(options), (group) => {
        const conclude = group.conclude.bind(group);
        group.conclude = (decision, actuation, now) => {
          conclude(decision, actuation, now);
          if (actuation.kind !== 'refused') return;
          const isOut = decision.to > decision.from;
          group.state = { ...group.state, [isOut ? 'scaledOutAt' : 'scaledInAt']: now };
        };
      }),
  },
  {
    fault: 'takes a call that timed out as failed',
    breaks: 'acted-on-unknown',
    likelySeed: 17,
    create: (options) =>
      mistakeOutcome(options, { kind: 'refused', code: 'failed', message: 'timed out' }),
  },
  {
    fault: 'takes a call that timed out as failed, in what it journals',
    breaks: 'false-outcome',
    likelySeed: 16,
    create: (options) =>
      mistakeOutcome(options, { kind: 'refused', code: 'failed', message: 'timed out' }),
  },
  {
    fault: 'takes a call that timed out as accepted',
    breaks: 'false-outcome',
    likelySeed: 16,
    create: (options) => mistakeOutcome(options, { kind: 'accepted' }),
  },
  {
    fault: 'adds a report that came twice to itself',
    breaks: 'invented-reading',
    likelySeed: 14,
    create: (options) =>
      new Controller({ ...options, telemetry: sumDuplicates(options.telemetry) }),
  },
  {
    fault: 'removes instances on a stale last will',
    breaks: 'blind-scale-in',
    likelySeed: 188,
    create: believeWills,
  },
  {
    fault: 'acts before it journals',
    breaks: 'unjournalled-act',
    likelySeed: 25,
    create: (options) => {
      const { store } = options;
      const { journal } = store;
      const append: typeof journal.append = (entries) => {
        void journal.append(entries);
        return Promise.resolve({ ok: true, value: null });
      };
      return new Controller({ ...options, store: { ...store, journal: { ...journal, append } } });
    },
  },
  {
    fault: 'ignores the bounds',
    breaks: 'size-bounds',
    likelySeed: 1,
    create: (options) =>
      alterGroups(new Controller(options), (group) => {
        const tick = group.tick.bind(group);
        group.tick = (now, surroundings) => {
          const entry = tick(now, surroundings);
          const { decision } = entry;
          if (decision.kind !== 'scale-out') return entry;
          return { ...entry, decision: { ...decision, to: decision.to + 12 } };
        };
      }),
  },
  {
    fault: 'counts stale signals',
    breaks: 'blind-scale-in',
    likelySeed: 123,
    create: (options) => {
      let last: Observation['signals'] = {};
      return alterObservations(options, (observation) => {
        last = { ...last, ...observation.signals };
        const { fleet } = observation;
        return { ...observation, signals: last, fleet: { ...fleet, reporting: fleet.expected } };
      });
    },
  },
  {
    fault: 'does not notice that the broker is away',
    breaks: 'blind-scale-in',
    likelySeed: 73,
    create: (options) =>
      alterObservations(options, (observation) => ({ ...observation, telemetry: 'connected' })),
  },
  {
    fault: 'forgets its changes in a crash',
    breaks: 'cooldown-broken',
    likelySeed: 122,
    create: (options) => {
      const { store } = options;
      const recover: typeof store.journal.recover = async (group) => {
        const recovered = await store.journal.recover(group);
        return recovered.ok ? { ok: true, value: null } : recovered;
      };
      const journal = { ...store.journal, recover };
      return new Controller({ ...options, store: { ...store, journal } });
    },
  },
  {
    fault: 'forgets that an act is in flight',
    breaks: 'overlapping-acts',
    likelySeed: 1,
    create: (options) =>
      alterGroups(new Controller(options), (group) => {
        const tick = group.tick.bind(group);
        group.tick = (now, surroundings) => {
          const entry = tick(now, surroundings);
          group.state = { ...group.state, inFlight: null };
          return entry;
        };
      }),
  },
  {
    fault: 'remembers something that the journal does not say',
    breaks: 'replay-differs',
    likelySeed: 3,
    create: (options) =>
      alterGroups(new Controller(options), (group) => {
        const conclude = group.conclude.bind(group);
        group.conclude = (decision, actuation, now) => conclude(decision, actuation, now + 1);
      }),
  },
  {
    fault: 'gives up on an act that AWS refused once',
    breaks: 'not-converged',
    likelySeed: 26,
    create: (options) => {
      const { target } = options;
      let hasGivenUp = false;
      const setDesired: typeof target.setDesired = async (request) => {
        if (hasGivenUp) return { kind: 'refused', code: 'denied', message: 'given up' };
        const actuation = await target.setDesired(request);
        hasGivenUp = actuation.kind === 'refused';
        return actuation;
      };
      return new Controller({ ...options, target: { ...target, setDesired } });
    },
  },
];

function alterGroups(controller: Controller, alter: (group: ManagedGroup) => void): Controller {
  for (const group of controller.groups.values()) alter(group);
  return controller;
}

function alterObservations(
  options: ControllerOptions,
  alter: (observation: Observation) => Observation,
): Controller {
  return alterGroups(new Controller(options), (group) => {
    const observe = group.observe.bind(group);
    group.observe = (now, surroundings) => alter(observe(now, surroundings));
  });
}

function mistakeOutcome(options: ControllerOptions, mistaken: CallOutcome): Controller {
  const { target } = options;
  const setDesired: typeof target.setDesired = async (request) => {
    const actuation = await target.setDesired(request);
    return actuation.kind === 'unknown' ? mistaken : actuation;
  };
  return new Controller({ ...options, target: { ...target, setDesired } });
}

function interceptMessages(
  telemetry: Telemetry,
  intercept: (message: ArrivedMessage) => ArrivedMessage,
): Telemetry {
  return {
    start: (filters, receiver) =>
      telemetry.start(filters, {
        receive: (message) => receiver.receive(intercept(message)),
        connectionChanged: (isConnected) => receiver.connectionChanged(isConnected),
      }),
    publish: (topic, payload, how) => telemetry.publish(topic, payload, how),
    stop: () => telemetry.stop(),
  };
}

function sumDuplicates(telemetry: Telemetry): Telemetry {
  const seen = new Set<string>();
  return interceptMessages(telemetry, (message) => {
    const report = parseReport(message.payload ?? '');
    if (!report.ok) return message;
    const { session, sequence, signals } = report.value;
    const key = `${message.topic} ${session} ${sequence}`;
    if (!seen.has(key)) {
      seen.add(key);
      return message;
    }
    const summed = Object.entries(signals).map(([name, value]) => [
      name,
      name === 'cpu' ? Math.min(1, 2 * value) : 2 * value,
    ]);
    const again = {
      ...report.value,
      signals: Object.fromEntries(summed),
      sequence: seen.size + 1e6,
    };
    return { ...message, payload: JSON.stringify(again) };
  });
}

/** An instance whose will was ever read is not expected to report any more. */
function believeWills(options: ControllerOptions): Controller {
  const gone = new Set<string>();
  const telemetry = interceptMessages(options.telemetry, (message) => {
    const topic = parseTopic(message.topic);
    if (topic?.kind !== 'status') return message;
    const status = parseStatus(message.payload ?? '');
    if (status.ok && status.value.state === 'lost') gone.add(topic.instance);
    return message;
  });
  return alterObservations({ ...options, telemetry }, (observation) => {
    const { fleet } = observation;
    const expected = Math.max(fleet.reporting, fleet.expected - gone.size);
    return { ...observation, fleet: { ...fleet, expected } };
  });
}
