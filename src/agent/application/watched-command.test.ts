// Real commands, run by a real shell; only the time is turned by hand.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { recordingLog } from '../../../test/support/recording-log.ts';
import { TroubleLog } from '../log.ts';
import { createBoards } from './boards.ts';
import {
  commandGraceMs,
  commandPeriodMsDefault,
  commandSilenceMsMax,
  WatchedCommand,
} from './watched-command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-command-'));
});

const opened: WatchedCommand[] = [];
afterEach(async () => {
  for (const command of opened.splice(0)) await command.stop();
  rmSync(folder, { recursive: true });
});

function run(command: string) {
  const clock = new ManualClock();
  const log = recordingLog();
  const boards = createBoards(1e9);
  const options = { command, periodMs: commandPeriodMsDefault };
  const watched = new WatchedCommand(options, boards, clock, new TroubleLog(log));
  opened.push(watched);
  const started = watched.start();
  function value(name: string): number | undefined {
    let found: number | undefined;
    boards.signals.collect(clock.monotonicMs(), (each, number) => {
      if (each === name) found = number;
    });
    return found;
  }
  return { clock, log, watched, value, started };
}

function until(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 5_000, interval: 5 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a command that ends is run again after its period, and not before', async () => {
  const { clock, value, log } = run('echo "pid $$"');
  await until(() => expect(value('pid')).toBeGreaterThan(0));
  const first = value('pid');
  await until(() => expect(clock.nextTimerInMs).toBe(commandPeriodMsDefault));
  clock.advance(commandPeriodMsDefault - 1);
  expect(clock.nextTimerInMs).toBe(1);
  clock.advance(1);
  await until(() => expect(value('pid')).not.toBe(first));
  expect(log.lines).toEqual([]);
});

test('a command that goes on printing is left alone', async () => {
  const { clock, value } = run('n=0; while :; do n=$((n+1)); echo "n $n"; sleep 0.02; done');
  for (const at of [1, 5, 10]) {
    await until(() => expect(value('n')).toBeGreaterThan(at));
    // Never so much at once that it would count as silent, but far more in all.
    clock.advance(commandSilenceMsMax - 1);
  }
});

test('a command that falls silent is ended, with all that it started', async () => {
  const { clock, value, log } = run('sleep 1000 & echo "child $!"; trap "" TERM; sleep 1000; :');
  await until(() => expect(value('child')).toBeGreaterThan(0));
  const child = value('child') ?? 0;
  expect(isAlive(child)).toBe(true);
  clock.advance(commandSilenceMsMax);
  clock.advance(commandGraceMs);
  await until(() => expect(isAlive(child)).toBe(false));
  expect(log.lines[0]).toMatch(/printed nothing for 30 s/);
  await until(() => expect(log.lines.at(-1)).toMatch(/ended by SIGKILL/));
});

test.each([
  ['exit 3', /ended with exit code 3/],
  ['no-such-program', /ended with exit code 127/],
  ['echo nonsense', /"nonsense" is not a "name value" line/],
  ['echo "cpu 0.5"', /"cpu" is measured by the agent itself/],
  ['head -c 5000 /dev/zero | tr "\\0" x', /a line of more than 256 bytes/],
])('%s is said once', async (command, problem) => {
  const runs = join(folder, 'runs');
  const { clock, log } = run(`echo run >> ${runs}; ${command}`);
  await until(() => expect(log.lines[0]).toMatch(problem));
  await until(() => expect(clock.nextTimerInMs).toBe(commandPeriodMsDefault));
  clock.advance(commandPeriodMsDefault);
  await until(() => expect(readFileSync(runs, 'utf8')).toBe('run\nrun\n'));
  await until(() => expect(clock.nextTimerInMs).toBe(commandPeriodMsDefault));
  expect(log.lines).toHaveLength(1);
});

test('stopping ends the command and waits for it', async () => {
  const { watched, value, started } = run('echo "pid $$"; exec sleep 1000');
  await started;
  await until(() => expect(value('pid')).toBeGreaterThan(0));
  await watched.stop();
  expect(isAlive(value('pid') ?? 0)).toBe(false);
});

test('what leaves the group and keeps the pipe does not hold up the end', async () => {
  const { clock, watched, value } = run('setsid sh -c \'echo "left $$"; exec sleep 60\' & wait');
  await until(() => expect(value('left')).toBeGreaterThan(0));
  const stopped = watched.stop();
  clock.advance(commandGraceMs);
  await stopped;
  expect(clock.timerCount).toBe(0);
  process.kill(value('left') ?? 0);
}, 5_000);

test('the command does not learn the password of the broker', async () => {
  vi.stubEnv('FORETIDE_PASSWORD', 'secret');
  const { value } = run('echo "known ${#FORETIDE_PASSWORD}"');
  await until(() => expect(value('known')).toBe(0));
  vi.unstubAllEnvs();
});
