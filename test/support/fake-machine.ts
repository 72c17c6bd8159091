// A folder that looks like a machine's /proc and /sys, of which a test writes the files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Collector, SystemPaths } from '../../src/agent/collectors/collector.ts';

export interface FakeMachine extends SystemPaths {
  write(path: string, text: string): void;
  delete(path: string): void;
  remove(): void;
}

export function makeMachine(files: Readonly<Record<string, string>> = {}): FakeMachine {
  const root = mkdtempSync(join(tmpdir(), 'foretide-machine-'));
  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    proc: join(root, 'proc'),
    sys: join(root, 'sys'),
    write,
    delete: (path) => rmSync(join(root, path), { recursive: true }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** What a collector puts at that moment. */
export function collectOnce(collector: Collector, nowMs: number): Record<string, number> {
  const signals: Record<string, number> = {};
  collector.collect(nowMs, (name, value) => {
    signals[name] = value;
  });
  return signals;
}
