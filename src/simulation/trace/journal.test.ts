import { describe, expect, it } from 'vitest';

import type { JournalEntry } from '../../controller/ports/store.ts';
import { decide } from '../../core/decide.ts';
import type { Observation } from '../../core/observation.ts';
import { initialState } from '../../core/state.ts';
import { makeGroup } from '../testing/make-group.ts';
import { createJournalReader } from './journal.ts';
import type { JournalTraceOptions } from './journal.ts';
import type { TraceReading } from './trace.ts';

const start = 1_767_225_600;
const group = makeGroup({});

function tickAt(
  seconds: number,
  readings: Readonly<Record<string, number>>,
  inService = 10,
): JournalEntry {
  const at = (start + seconds) * 1000;
  const entries = Object.entries(readings).map(([key, value]) => [
    key,
    { value, at, instances: 5 },
  ]);
  const observation: Observation = {
    capacity: {
      describedAt: at,
      min: 1,
      max: 50,
      desired: inService,
      inService,
      pending: 0,
      terminating: 0,
    },
    fleet: { warmed: inService, warming: 0, expected: inService, reporting: 5, silent: 0 },
    signals: Object.fromEntries(entries),
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
  };
  const { decision } = decide(group, initialState, observation, at);
  return { kind: 'tick', group: 'web', at, observation, decision };
}

function read(entries: readonly JournalEntry[], options?: JournalTraceOptions): TraceReading {
  const reader = createJournalReader(options);
  for (const entry of entries) reader.push(entry);
  return reader.finish();
}

const cpu = 'mean(cpu)/1000ms';
const minuteCpu = 'mean(cpu)/60000ms';
const requests = 'sum(requestsPerSecond)/1000ms';

function valuesOf(reading: TraceReading): readonly number[] {
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return [...reading.trace.values];
}

describe('demand from a journal', () => {
  it('is the load of an instance times those in service, from a mean as from a sum', () => {
    expect(valuesOf(read([tickAt(0, { [cpu]: 0.45 }), tickAt(1, { [cpu]: 0.5 }, 12)]))).toEqual([
      4.5, 6,
    ]);
    expect(
      valuesOf(read([tickAt(0, { [requests]: 100 }), tickAt(1, { [requests]: 150 })])),
    ).toEqual([200, 300]);
  });

  it('takes the last tick of a second, and the shortest window of a signal', () => {
    const entries = [
      tickAt(0, { [minuteCpu]: 0.9, [cpu]: 0.1 }),
      tickAt(0.4, { [minuteCpu]: 0.9, [cpu]: 0.2 }),
      tickAt(1, { [minuteCpu]: 0.9, [cpu]: 0.3 }),
    ];
    expect(valuesOf(read(entries))).toEqual([2, 3]);
  });

  it('is a hole where nothing was seen: refused, or filled when asked for', () => {
    const entries = [
      tickAt(0, { [cpu]: 0.1 }),
      tickAt(1, { [cpu]: 0.1 }),
      tickAt(2, {}),
      tickAt(3, { [cpu]: 0.3 }),
    ];
    expect(read(entries)).toMatchObject({ kind: 'refused', problems: [{ code: 'gap' }] });
    expect(valuesOf(read(entries, { gaps: 'hold' }))).toEqual([1, 1, 1, 3]);
  });

  it('asks which signal is demand where there are several, and names them', () => {
    const entries = [0, 1].map((second) => tickAt(second, { [cpu]: 0.5, [requests]: 100 }));
    expect(read(entries)).toMatchObject({
      problems: [{ message: "found 2 series: 'cpu', 'requestsPerSecond'" }],
    });
    expect(read(entries, { series: 'memory' })).toMatchObject({
      problems: [{ message: "no series named 'memory'; found: 'cpu', 'requestsPerSecond'" }],
    });
    expect(valuesOf(read(entries, { series: 'requestsPerSecond' }))).toEqual([200, 200]);
  });

  it('is empty for a journal without ticks', () => {
    expect(read([])).toMatchObject({ kind: 'refused', problems: [{ code: 'empty' }] });
  });
});
