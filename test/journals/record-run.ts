// A journal of the demo's group with all that happens to one: a load that comes and goes, refused and
// lost calls, an AWS that cannot be asked, a broker and a disk that fail, overrides, restarts, new
// settings. The real controller on virtual time.

import { simulatedConfig } from '../../src/cli/demo/demo-config.ts';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import type { Group } from '../../src/core/group.ts';
import { SimulatedController } from '../controller/simulated-controller.ts';

export const demoGroup: Group = findDemoGroup();

export interface RunPlan {
  /** Of virtual time. */
  readonly seconds: number;
  readonly group: Group;
  /** Seconds from one fault, override or restart to the next. */
  readonly eventEverySeconds: number;
}

type Act = (stand: SimulatedController) => void | Promise<void>;

const until = null;
const by = 'ada';

/** One after another, and from the beginning again. */
const acts: readonly Act[] = [
  (stand) => void stand.faults.push({ kind: 'throttled' }, { kind: 'throttled' }),
  (stand) => void stand.faults.push({ kind: 'timed-out', isDone: true, afterMs: 3000 }),
  async ({ controller }) => {
    await controller.wishes.put('web', { kind: 'pause', until, by, why: 'a deploy' });
  },
  async ({ controller }) => void (await controller.wishes.end('web', by)),
  restart,
  (stand) => void (stand.describeFault = { kind: 'throttled' }),
  (stand) => void (stand.describeFault = null),
  async ({ controller }) => {
    await controller.wishes.put('web', { kind: 'hold', atLeast: 12, until, by, why: 'a sale' });
  },
  async ({ controller }) => void (await controller.wishes.end('web', by)),
  ({ telemetry }) => telemetry.setConnected(false),
  ({ telemetry }) => telemetry.setConnected(true),
  ({ store }) => {
    const fault = { method: 'journal.append', message: 'disk full', effect: 'refused' } as const;
    store.inject({ ...fault, times: Number.POSITIVE_INFINITY });
  },
  ({ store }) => store.heal(),
  async ({ controller, clock }) => {
    const inOneMinute = clock.now() + 60_000;
    await controller.wishes.put('web', {
      kind: 'set',
      desired: 9,
      until: inOneMinute,
      by,
      why: 'a test',
    });
  },
  (stand) => void stand.faults.push({ kind: 'timed-out', isDone: false, afterMs: 3000 }),
  reconfigure,
];

/** What a controller of that group wrote down, oldest first. */
export async function recordRun(plan: RunPlan): Promise<readonly JournalEntry[]> {
  const { eventEverySeconds, group, seconds } = plan;
  const stand = new SimulatedController({ group, desired: 8 });
  await stand.start();
  let actIndex = 0;
  for (let second = 0; second < seconds; second += 1) {
    stand.load = loadAt(second / seconds, second);
    if (second % eventEverySeconds === eventEverySeconds - 1) {
      await acts[actIndex % acts.length]?.(stand);
      actIndex += 1;
    }
    await stand.run(1);
  }
  await end(stand);
  return await readAll(stand);
}

/** Two waves a run, and a sudden doubling every ten minutes. In whole instances. */
function loadAt(share: number, second: number): number {
  const wave = 6 + 4 * Math.sin(4 * Math.PI * share);
  return second % 600 < 45 ? 2 * wave : wave;
}

async function end(stand: SimulatedController): Promise<void> {
  const stopped = stand.controller.stop();
  // What is on its way ends in virtual time.
  await stand.clock.advance(5000);
  await stopped;
}

async function restart(stand: SimulatedController): Promise<void> {
  await end(stand);
  stand.controller = stand.createController();
  await stand.controller.start();
}

/** A little less tolerance each time. */
async function reconfigure({ controller }: SimulatedController): Promise<void> {
  const settings = [...controller.groups.values()].map((managed) => {
    const { group } = managed.settings;
    return { ...managed.settings, group: { ...group, max: group.max - 1 } };
  });
  await controller.reconfigure(settings);
}

async function readAll(stand: SimulatedController): Promise<readonly JournalEntry[]> {
  const query = { group: 'web', from: 0, to: Infinity, order: 'oldest-first' } as const;
  const read = await stand.store.journal.read({ ...query, limit: Number.MAX_SAFE_INTEGER });
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

function findDemoGroup(): Group {
  const [first] = simulatedConfig({ storePath: 'store.db', apiPort: 8080 }).groups;
  if (first === undefined) throw new Error('the demo has no group');
  return first.group;
}
