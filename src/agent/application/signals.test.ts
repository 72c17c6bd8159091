// The board, the lines and the file of an application's signals.

import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { recordingLog } from '../../../test/support/recording-log.ts';
import { parseReport } from '../../wire/report.ts';
import { TroubleLog } from '../log.ts';
import { applicationSignalsMax, SignalBoard } from './signal-board.ts';
import { LineSplitter, lineBytesMax, parseSignalLine } from './signal-line.ts';
import { WatchedFile, watchedFileBytesMax } from './watched-file.ts';

const lifetimeMs = 60_000;

function read(board: SignalBoard, nowMs: number): Record<string, number> {
  const signals: Record<string, number> = {};
  board.collect(nowMs, (name, value) => {
    signals[name] = value;
  });
  return signals;
}

test('the last value of a signal stands while it is renewed, and not for ever', () => {
  const board = new SignalBoard(lifetimeMs);
  expect(board.set('requests', 10, 0)).toBeNull();
  expect(board.set('requests', 20, 30_000)).toBeNull();
  expect(board.set('jobs', 1, 0)).toBeNull();
  expect(read(board, 60_000)).toEqual({ requests: 20, jobs: 1 });
  expect(read(board, 60_001)).toEqual({ requests: 20 });
  expect(read(board, 90_001)).toEqual({});
});

test.each([
  ['two words', 1, /no signal name/],
  ['__proto__', 1, /no signal name/],
  ['', 1, /no signal name/],
  ['cpu', 0.5, /measured by the agent itself/],
  ['connections:443', 5, /measured by the agent itself/],
  ['connectionsAgeMs', 5, /measured by the agent itself/],
  ['requests', Number.NaN, /not a finite number/],
  ['requests', Number.POSITIVE_INFINITY, /not a finite number/],
  ['requests', '5', /not a finite number/],
  ['requests', null, /not a finite number/],
  ['requests', -1, /must not be negative/],
  ['heapRatio', 37.5, /for 0 to 1/],
])('%s = %s is refused, and why is said', (name, value, problem) => {
  const board = new SignalBoard(lifetimeMs);
  expect(board.set(name, value, 0)).toMatch(problem);
  expect(read(board, 0)).toEqual({});
});

test('of several signals all are taken or none', () => {
  const board = new SignalBoard(lifetimeMs);
  expect(board.setAll({ good: 1, bad: -1 }, 0)).toMatch(/"bad" is -1/);
  expect(read(board, 0)).toEqual({});
});

test('there is room for so many signals, and again when old ones are gone', () => {
  const board = new SignalBoard(lifetimeMs);
  for (let index = 0; index < applicationSignalsMax; index += 1) {
    expect(board.set(`s${index}`, index, 0)).toBeNull();
  }
  expect(board.set('oneMore', 1, 0)).toMatch(/no room/);
  expect(board.set('s0', 5, 0)).toBeNull();
  expect(board.set('oneMore', 1, lifetimeMs + 1)).toBeNull();
});

test('whatever the board lets through, a report may carry', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('a', 'heapRatio', 'b:c', 'cpu'));
  fc.assert(
    fc.property(fc.dictionary(name, fc.double()), (values) => {
      const board = new SignalBoard(lifetimeMs);
      board.setAll(values, 0);
      expect(parseReport(JSON.stringify({ signals: read(board, 0) })).ok).toBe(true);
    }),
  );
});

test.each([
  ['requests 5', { kind: 'signal', name: 'requests', value: 5 }],
  ['  heapRatio\t0.25  \r', { kind: 'signal', name: 'heapRatio', value: 0.25 }],
  ['a -1e3', { kind: 'signal', name: 'a', value: -1_000 }],
  ['', { kind: 'nothing' }],
  ['   ', { kind: 'nothing' }],
  ['# comment 5', { kind: 'nothing' }],
  [
    'work resize 25310 done',
    { kind: 'work', work: { class: 'resize', durationMs: 25_310, outcome: 'done' } },
  ],
  [
    'work resize 25310 done 61200',
    { kind: 'work', work: { class: 'resize', durationMs: 25_310, outcome: 'done', ageMs: 61_200 } },
  ],
  ['work resize 25310 done old', { kind: 'malformed' }],
  ['work resize 25310 done 61200 more', { kind: 'malformed' }],
  ['requests', { kind: 'malformed' }],
  ['requests five', { kind: 'malformed' }],
  ['requests 5 1700000000', { kind: 'malformed' }],
  ['requests 0x10', { kind: 'malformed' }],
  ['requests NaN', { kind: 'malformed' }],
])('the line %j is read', (line, expected) => {
  expect(parseSignalLine(line)).toEqual(expected);
});

test('lines come out the same however the stream is cut, and long ones are left out', () => {
  const line = fc.string({ unit: fc.constantFrom('a', ' ', '1'), maxLength: lineBytesMax + 20 });
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(fc.array(line), sizes, (lines, cuts) => {
      const splitter = new LineSplitter();
      const received: string[] = [];
      let tooLong = 0;
      let stream = lines.map((each) => `${each}\n`).join('');
      for (const size of [...cuts, stream.length]) {
        const part = splitter.split(stream.slice(0, size));
        received.push(...part.lines);
        tooLong += part.tooLong;
        stream = stream.slice(size);
      }
      const short = lines.filter(({ length }) => length <= lineBytesMax);
      expect(received).toEqual(short);
      expect(tooLong).toBe(lines.length - short.length);
    }),
  );
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function watch(nowEpochMs = Date.now()) {
  const clock = new ManualClock(nowEpochMs);
  const log = recordingLog();
  const path = join(folder, 'signals');
  const board = new SignalBoard(lifetimeMs);
  const file = new WatchedFile(path, lifetimeMs, clock, new TroubleLog(log));
  return { clock, log, path, board, file };
}

test('a file gives its values while it is written anew', () => {
  const { clock, path, board, file, log } = watch();
  writeFileSync(path, '# queue\njobs 7\nheapRatio 0.5\n');
  file.refresh(board);
  expect(read(board, 0)).toEqual({ jobs: 7, heapRatio: 0.5 });
  clock.advance(lifetimeMs + 1);
  file.refresh(board);
  expect(read(board, clock.monotonicMs())).toEqual({});
  writeFileSync(`${path}.new`, 'jobs 8\n');
  utimesSync(`${path}.new`, clock.epochMs() / 1_000, clock.epochMs() / 1_000);
  renameSync(`${path}.new`, path);
  file.refresh(board);
  expect(read(board, clock.monotonicMs())).toEqual({ jobs: 8 });
  expect(log.lines).toEqual([]);
});

test('a file that was old at the start gives nothing', () => {
  const { path, board, file, log } = watch();
  writeFileSync(path, 'jobs 7\n');
  const longAgo = new Date(Date.now() - lifetimeMs * 10);
  utimesSync(path, longAgo, longAgo);
  file.refresh(board);
  expect(read(board, 0)).toEqual({});
  expect(log.lines).toHaveLength(1);
  expect(log.lines[0]).toMatch(/not written for too long/);
});

test('what is wrong with a file is said once, and when it is over', () => {
  const { path, board, file, log } = watch();
  file.refresh(board);
  file.refresh(board);
  writeFileSync(path, 'jobs seven\nrequests 5\n');
  file.refresh(board);
  file.refresh(board);
  expect(read(board, 0)).toEqual({ requests: 5 });
  writeFileSync(path, 'jobs 7\nrequests 5\n\n');
  file.refresh(board);
  file.refresh(board);
  expect(log.lines).toHaveLength(3);
  expect(log.lines[0]).toMatch(/ENOENT/);
  expect(log.lines[1]).toMatch(/"jobs seven" is not a "name value" line/);
  expect(log.lines[2]).toMatch(/good again/);
});

test('a file above the bound gives nothing', () => {
  const { path, board, file, log } = watch();
  writeFileSync(path, 'jobs 7\n'.repeat(watchedFileBytesMax));
  file.refresh(board);
  expect(read(board, 0)).toEqual({});
  expect(log.lines[0]).toMatch(/longer than 16384 bytes/);
});
