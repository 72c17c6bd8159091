import { spawn } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { makeMachine, type FakeMachine } from '../../../test/support/fake-machine.ts';
import { KeptFile, keptFileBytesMax, reopenAfterMs } from './kept-file.ts';

const machines: FakeMachine[] = [];
afterEach(() => {
  for (const machine of machines.splice(0)) machine.remove();
});
function machineWith(files: Record<string, string>): FakeMachine {
  const machine = makeMachine(files);
  machines.push(machine);
  return machine;
}
function same(text: string): string {
  return text;
}

test('reads from the beginning each time', () => {
  const machine = machineWith({ 'proc/a': 'first' });
  const file = new KeptFile(`${machine.proc}/a`);
  expect(file.read(0, same)).toBe('first');
  machine.write('proc/a', 'second');
  expect(file.read(1, same)).toBe('second');
  file.close();
});

test('a text longer than the buffer comes whole, up to the bound', () => {
  const machine = machineWith({
    'proc/long': 'x'.repeat(100_000),
    'proc/huge': 'y'.repeat(400_000),
  });
  const long = new KeptFile(`${machine.proc}/long`);
  const huge = new KeptFile(`${machine.proc}/huge`);
  expect(long.read(0, (text) => text.length)).toBe(100_000);
  expect(huge.read(0, (text) => text.length)).toBe(keptFileBytesMax);
  expect(long.read(0, (text) => text.length)).toBe(100_000);
  [long, huge].forEach((file) => file.close());
});

test('a file that is not there is tried again after a while, not before', () => {
  const machine = machineWith({ 'proc/other': '' });
  const file = new KeptFile(`${machine.proc}/late`);
  expect(file.read(0, same)).toBeNull();
  expect(file.problem).toMatch(/there is no/);
  machine.write('proc/late', 'here');
  expect(file.read(reopenAfterMs - 1, same)).toBeNull();
  expect(file.read(reopenAfterMs, same)).toBe('here');
  expect(file.problem).toBeNull();
  file.close();
});

test('a text of an unknown form is a problem until it is one of a known form', () => {
  const machine = machineWith({ 'proc/a': 'odd' });
  const file = new KeptFile(`${machine.proc}/a`);
  expect(file.read(0, () => null)).toBeNull();
  expect(file.problem).toMatch(/proc\/a has an unknown form/);
  expect(file.read(1, same)).toBe('odd');
  expect(file.problem).toBeNull();
  file.close();
});

test('a descriptor that went stale is opened again, or told', async () => {
  // The files of a process are gone with it, though their descriptors stay open.
  const child = spawn('sleep', ['60']);
  const machine = machineWith({ 'proc/other': 'here' });
  const link = join(machine.proc, 'link');
  symlinkSync(`/proc/${child.pid}/stat`, link);
  const file = new KeptFile(link);
  expect(file.read(0, same)).toContain('(sleep)');
  await new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill();
  });
  expect(file.read(1, same)).toBeNull();
  expect(file.problem).toMatch(/there is no/);
  rmSync(link);
  symlinkSync(join(machine.proc, 'other'), link);
  expect(file.read(1 + reopenAfterMs, same)).toBe('here');
  file.close();
});

test('a directory in the place of a file is a problem, not a crash', () => {
  const machine = machineWith({ 'proc/folder/file': '' });
  const file = new KeptFile(`${machine.proc}/folder`);
  expect(file.read(0, same)).toBeNull();
  expect(file.problem).toMatch(/EISDIR/);
});
