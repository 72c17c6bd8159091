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

test('a directory in the place of a file is a problem, not a crash', () => {
  const machine = machineWith({ 'proc/folder/file': '' });
  const file = new KeptFile(`${machine.proc}/folder`);
  expect(file.read(0, same)).toBeNull();
  expect(file.problem).toMatch(/EISDIR/);
});
