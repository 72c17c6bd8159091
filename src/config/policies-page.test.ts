// Runs the examples of docs/policies.md: a block of settings, then lines of what is decided when.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { decide } from '../core/decide.ts';
import type { DemandReading } from '../core/demand/demand-reading.ts';
import { explain } from '../core/explain.ts';
import type { Observation } from '../core/observation.ts';
import { listSelectors } from '../core/policies/list-selectors.ts';
import type { Policy } from '../core/policies/policy.ts';
import { createQueueModel, noteQueue, readQueue } from '../core/queue/queue-model.ts';
import { initialState } from '../core/state.ts';
import { formatConfigError } from './config-error.ts';
import type { GroupConfig } from './config.ts';
import { loadConfig } from './load-config.ts';
import { readCalendar } from './read-calendar.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/policies.md'), 'utf8');

const examples = [...page.matchAll(/```yaml\n(.*?)```\n\n```text\n(.*?)```/gs)].flatMap(
  ([, settings = '', lines = '']) =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [situation = '', decided = ''] = line.split(' → ');
        return { settings, situation, decided };
      }),
);

function load(settings: string): GroupConfig {
  const indented = settings.replaceAll(/^/gm, '    ');
  const text = `groups:\n  - name: web\n    max: 100\n${indented}`;
  const outcome = loadConfig(text, 'example.yaml');
  if (!outcome.ok) throw new Error(outcome.errors.map(formatConfigError).join('\n'));
  const [group] = outcome.config.groups;
  if (group === undefined) throw new Error('no group');
  return group;
}

/** `at 2026-11-26T12:00Z, 8 instances, cpu 0.6`: the facts by name. */
function readFacts(situation: string): ReadonlyMap<string, string> {
  const facts = situation.split(', ').map((fact): [string, string] => {
    const [first = '', second = ''] = fact.split(' ');
    return second === 'instances' ? [second, first] : [first, second];
  });
  return new Map(facts);
}

function run(settings: string, situation: string): string {
  const { group, calendar } = load(settings);
  const facts = readFacts(situation);
  const now = Date.parse(facts.get('at') ?? '2026-11-25T12:00Z');
  const size = Number(facts.get('instances'));
  const signals = listSelectors(group.policies).flatMap(({ key, signal }) => {
    const value = facts.get(signal);
    if (value === undefined) return [];
    return [[key, { value: Number(value), at: now, instances: size }] as const];
  });
  const { schedules, freezes } = readCalendar(calendar, now);
  const counts = { inService: size, pending: 0, terminating: 0 };
  const observation: Observation = {
    capacity: { describedAt: now, min: 0, max: 100, desired: size, ...counts },
    fleet: { warmed: size, warming: 0, expected: size, reporting: size, silent: 0 },
    signals: Object.fromEntries(signals),
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    schedules,
    freezes,
    ...observeBeyond(facts, size, now),
    ...observeQueue(group.policies, facts, now),
  };
  return explain(decide(group, initialState, observation, now).decision).summary;
}

/** `waiting 50`: counted five seconds ago, and just sent then. */
function observeQueue(
  policies: readonly Policy[],
  facts: ReadonlyMap<string, string>,
  now: number,
): Partial<Observation> {
  const policy = policies.find(({ type }) => type === 'backlog');
  if (policy?.type !== 'backlog' || !facts.has('waiting')) return {};
  const model = createQueueModel(policy);
  const inService = Number(facts.get('instances'));
  const inFlight = Number(facts.get('working') ?? 0);
  noteQueue(model, { at: now - 10_000, visible: 0, inFlight: 0 }, { inService });
  const visible = Number(facts.get('waiting'));
  noteQueue(model, { at: now - 5000, visible, inFlight }, { inService });
  const queue = readQueue(model, { now, inService, pendingForMs: [] });
  return queue === null ? {} : { queue };
}

function observeBeyond(
  facts: ReadonlyMap<string, string>,
  size: number,
  now: number,
): Partial<Observation> {
  const number = (name: string): number | null =>
    facts.has(name) ? Number(facts.get(name)) : null;
  const [held, price, raised] = [number('held'), number('price'), number('raised')];
  const demand = number('demand');
  const forecast = number('forecast');
  const [unhealthy, failures] = [number('unhealthy'), number('failures')];
  const date = new Date(now);
  const month = (offset: number): number =>
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset);
  return {
    ...(held !== null && {
      overrides: [{ kind: 'hold', atLeast: held, until: null, by: 'ada', why: 'launch' }],
    }),
    ...(price !== null && {
      spending: {
        pricePerInstanceHour: price,
        monthToDate: number('spent') ?? 0,
        monthStartedAt: month(0),
        monthEndsAt: month(1),
      },
    }),
    ...(raised !== null && {
      foreignChanges: [{ what: 'desired', from: raised, to: size, at: now - 20_000, by: null }],
    }),
    ...(forecast !== null && {
      forecasts: { forecast: { at: now - 20_000, code: 'ok', demand: forecast } },
    }),
    ...(unhealthy !== null && { unhealthy }),
    ...(demand !== null && { demand: readDemand(facts, demand, now) }),
    ...(failures !== null && {
      launchFailures: { inARow: failures, lastAt: now - 20_000, cause: 'no capacity' },
    }),
  };
}

/** Of instances that do 50 a second each, half an hour into a week without a miss. */
function readDemand(
  facts: ReadonlyMap<string, string>,
  demand: number,
  now: number,
): DemandReading {
  const [add, keep] = ['launch', 'keep'].map((name) => Number(facts.get(name)));
  const ageMs = Number(facts.get('seconds-old') ?? 0) * 1000;
  const sizes = { add: add ?? 0, keep: keep ?? 0 };
  return {
    at: now - ageMs,
    demand,
    capacityPerInstance: 50,
    leadMs: 118_000,
    floor: Math.ceil(demand / 50),
    ...sizes,
    reactive: sizes,
    riskRatio: 0.05,
    isForecast: false,
    unservedRatio: 0,
    isCensored: false,
  };
}

describe('the page on policies', () => {
  it('has an example of every policy and of every limit', () => {
    const settings = examples.map((example) => example.settings).join('\n');
    const types = [
      'demand',
      'target-tracking',
      'step',
      'threshold',
      'fixed',
      'schedule',
      'forecast',
      'backlog',
    ];
    for (const type of types) {
      expect(settings).toContain(`type: ${type}`);
    }
    for (const key of ['rate', 'budget', 'freezes', 'minHealthy', 'coexistence', 'veto']) {
      expect(settings).toContain(`${key}:`);
    }
  });

  it.each(examples)('decides as it says with $situation', ({ settings, situation, decided }) => {
    expect(run(settings, situation)).toBe(decided);
  });
});
