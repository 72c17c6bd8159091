// The protocol of docs/quality.md, whole, on every core: each scored load, each column, the rivals
// tuned in hindsight and Foretide's configs as they are. Goes on where it was interrupted.
//   npm run bench:quality -- [--quick] [--traces ../shared/traces] [--only nasa] [--seeds 5]
//     [--boot 120] [--boot-sigma 0] [--threads 4] [--minutes 60] [--results <file>] [--fresh]
import { parseArgs } from 'node:util';
import { availableParallelism } from 'node:os';
import { runInThreads } from '../src/cli/simulation/thread-pool.ts';
import { positiveOption, refuseOption } from './options.ts';
import { planTasks } from './quality-plan.ts';
import type { QualityResult, QualityTask, Settings } from './quality-plan.ts';
import { openResults } from './quality-results.ts';
import { formatTables } from './quality-table.ts';
import { startProgress } from './progress.ts';
import { defaultTracesFolder } from './scored-loads.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    traces: { type: 'string', default: defaultTracesFolder },
    only: { type: 'string', default: '' },
    seeds: { type: 'string' },
    boot: { type: 'string', default: '120' },
    'boot-sigma': { type: 'string', default: '0' },
    threads: { type: 'string', default: String(availableParallelism()) },
    minutes: { type: 'string', default: '60' },
    results: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
const settings: Settings = {
  traces: values.traces,
  seeds: Math.round(positiveOption('seeds', values.seeds ?? (values.quick ? '1' : '5'))),
  bootSeconds: positiveOption('boot', values.boot),
  bootSigma: Number(values['boot-sigma']),
  isQuick: values.quick,
};
if (!(settings.bootSigma >= 0)) {
  refuseOption(`--boot-sigma is '${values['boot-sigma']}'; allowed is 0 or more`);
}
const endsAt = performance.now() + 60_000 * positiveOption('minutes', values.minutes);
const path = values.results ?? `.foretide/quality${values.quick ? '-quick' : ''}.jsonl`;
const tasks = planTasks(settings, values.only);
if (tasks.length === 0) refuseOption(`no scored load has '${values.only}' in its name`);
const file = openResults(path, settings, values.fresh);
const open = tasks.filter(({ key }) => !file.results.has(key));
const known = tasks.length - open.length;
if (known > 0) {
  console.log(`${known} of ${tasks.length} results are in ${path} (--fresh forgets them).`);
}

const startedAt = performance.now();
const progress = startProgress(tasks.length, known);
await runInThreads<QualityTask, QualityResult>({
  module: new URL('quality-thread.ts', import.meta.url),
  tasks: open,
  threads: Math.round(positiveOption('threads', values.threads)),
  onAnswer: (task, result) => {
    file.add(result);
    progress.advance(`${task.affinity}: ${task.entrant}`);
  },
  isOver: () => performance.now() >= endsAt,
});
progress.finish();
const minutes = (performance.now() - startedAt) / 60_000;
const results = tasks.flatMap(({ key }) => file.results.get(key) ?? []);
console.log(`node bench/quality.ts ${process.argv.slice(2).join(' ')}`);
console.log(
  `${results.length} of ${tasks.length} results, ${minutes.toFixed(1)} min for the new ones.`,
);
console.log(formatTables(tasks, file.results));
