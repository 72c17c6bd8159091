// No simulated load: real agents measure this machine, and this machine is really made busy.

import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { startMosquitto } from '../brokers/mosquitto.ts';
import { Stage } from './stage.ts';

const burnMs = 15_000;

/** Where this process may use only some of the machine's cores it can make only those busy. */
const usableShare = Math.min(1, availableParallelism() / cpus().length);
const [busyPercent, restPercent] = [92, 85].map((percent) => Math.floor(percent * usableShare));

const groups = `
groups:
  - name: web
    autoScalingGroup: web-asg
    min: 1
    max: 4
    warmup: 3s
    cooldown: 2s
    stabilization: 5s
    policies:
      - { type: threshold, signal: cpu, scaleOutAbove: ${busyPercent}%, scaleInBelow: ${restPercent}%, change: 1 }
`;

const endings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** One process a core that does nothing but count. */
function burn(): { stop: () => void } {
  const program = 'for (let count = 0; ; count += 1) if (count < 0) break;';
  const processes: ChildProcess[] = [];
  for (let core = 0; core < cpus().length; core += 1) {
    processes.push(spawn(process.execPath, ['-e', program], { stdio: 'ignore' }));
  }
  return {
    stop: () => {
      for (const child of processes) child.kill('SIGKILL');
    },
  };
}

async function openStage(brokerUrl: string | null): Promise<Stage> {
  const stage = await Stage.open({ groups, brokerUrl, min: 1, max: 4 });
  endings.push(() => stage.close());
  await stage.startController();
  stage.startAgents();
  return stage;
}

/** Both brokers at once: they are burdened by one and the same load. */
it(
  'real load adds instances, and its end removes them, over either broker',
  { timeout: 180_000 },
  async () => {
    const mosquitto = await startMosquitto();
    endings.push(() => mosquitto.close());
    const stages = {
      embedded: await openStage(null),
      mosquitto: await openStage(`mqtt://127.0.0.1:${mosquitto.port}`),
    };
    // What else this machine does may have added something already: begin where it is quiet.
    for (const [name, stage] of Object.entries(stages)) {
      await stage.until(`${name} has an instance`, () =>
        stage.cloud.list().some((one) => one.isServing),
      );
      await new Promise((resolve) => setTimeout(resolve, 4000));
      await stage.until(`${name} rests at its minimum`, () => stage.desired === 1);
    }

    const startedAt = performance.now();
    const burning = burn();
    endings.push(() => burning.stop());
    setTimeout(() => burning.stop(), burnMs);
    const risen = Object.entries(stages).map(async ([name, stage]) => {
      await stage.until(`${name} adds an instance`, () => stage.desired > 1, burnMs);
      process.stdout.write(
        `${name}: desired rose ${Math.round(performance.now() - startedAt)} ms after the load\n`,
      );
    });
    await Promise.all(risen);

    burning.stop();
    for (const [name, stage] of Object.entries(stages)) {
      await stage.until(`${name} is back at its minimum`, () => stage.desired === 1, 90_000);
      expect(stage.log.some((line) => line.includes('scale in'))).toBe(true);
    }
  },
);
