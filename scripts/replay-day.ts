// A day of the demo's group on virtual time, with faults, overrides and restarts all along, and its
// journal decided about once more: fails if anything differs. `--hours` for another length.

import { parseArgs } from 'node:util';
import { beginReplay, replayEntry } from '../src/core/replay.ts';
import { demoGroup, recordRun } from '../test/journals/record-run.ts';

const { values } = parseArgs({ options: { hours: { type: 'string', default: '24' } } });
const hours = Number(values.hours);
if (!Number.isFinite(hours) || hours <= 0) {
  process.stderr.write(`--hours: found ${values.hours}, allowed: a number above 0\n`);
  process.exit(2);
}
const startedMs = performance.now();
const seconds = Math.ceil(hours * 3600);
const entries = await recordRun({ seconds, group: demoGroup, eventEverySeconds: 300 });
const recordedMs = performance.now();
const { report } = entries.reduce(replayEntry, beginReplay(null));
const replayedMs = performance.now();
const { differences, first, gaps, snapshots, ticks, ticksSkipped } = report;
process.stdout.write(
  `${hours} h: ${entries.length} entries recorded in ${Math.round(recordedMs - startedMs)} ms, ` +
    `${ticks} ticks and ${snapshots} snapshots replayed in ${Math.round(replayedMs - recordedMs)} ms: ` +
    `${differences} differences, ${gaps} gaps, ${ticksSkipped} ticks skipped\n`,
);
if (first !== null) {
  process.stderr.write(`first: ${JSON.stringify(first)}\n`);
  process.exit(1);
}
