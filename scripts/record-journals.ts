// Records the journals under test/journals anew. To be run when a decision is meant to be another one
// than before, which the commit then says: the replay of the old ones names the first such decision.

import { trackingCpu } from '../test/controller/simulated-controller.ts';
import { readVersion } from '../src/cli/version.ts';
import { stateVersion } from '../src/core/state.ts';
import { writeJournal } from '../test/journals/journal-file.ts';
import { demoGroup, recordRun } from '../test/journals/record-run.ts';

const versions = {
  foretideVersion: readVersion(),
  nodeVersion: process.version,
  stateVersion,
};
const advising = { ...trackingCpu, mode: 'advise' } as const;

for (const [name, group] of [
  ['demo', demoGroup],
  ['advising', advising],
] as const) {
  const entries = await recordRun({ seconds: 1500, group, eventEverySeconds: 60 });
  const path = new URL(`../test/journals/${name}.jsonl.gz`, import.meta.url).pathname;
  writeJournal(path, { versions, entries });
  process.stdout.write(`${name}: ${entries.length} entries\n`);
}
