// A whole Foretide for a test, of real parts: a controller process started as a user would, the local
// cloud behind AWS's protocol, a broker, and one agent process for each instance in service.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../src/cli/clocks.ts';
import { startDemoCloud, type DemoCloud } from '../../src/cli/demo/demo-cloud.ts';
import { takeAnyPort } from '../../src/cli/demo/free-port.ts';
import { MachineAgents } from '../../src/cli/demo/machine-agents.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;

export interface StageOptions {
  /** Everything but broker, API and store. */
  readonly groups: string;
  /** Null: the embedded one. */
  readonly brokerUrl: string | null;
  readonly min: number;
  readonly max: number;
}

export class Stage {
  readonly folder: string;
  readonly cloud: DemoCloud;
  readonly brokerUrl: string;
  /** What the controller wrote to its log, in lines. */
  readonly log: string[] = [];
  #agents: MachineAgents | null = null;
  #controller: ChildProcess | null = null;

  private constructor(folder: string, cloud: DemoCloud, brokerUrl: string) {
    this.folder = folder;
    this.cloud = cloud;
    this.brokerUrl = brokerUrl;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'foretide-stage-'));
    const { min, max } = options;
    const asg = { name: 'web-asg', min, max, desired: min, bootsQuickly: true };
    const cloud = await startDemoCloud(createClock(), asg, 1);
    const embeddedPort = await takeAnyPort();
    const brokerUrl = options.brokerUrl ?? `mqtt://127.0.0.1:${embeddedPort}`;
    const stage = new Stage(folder, cloud, brokerUrl);
    const broker =
      options.brokerUrl === null ? `listen: '127.0.0.1:${embeddedPort}'` : `url: ${brokerUrl}`;
    mkdirSync(join(folder, 'store'));
    writeFileSync(
      stage.configPath,
      [
        `broker: { ${broker} }`,
        `api: { listen: '127.0.0.1:${await takeAnyPort()}' }`,
        `store: { path: ${join(folder, 'store', 'store.db')} }`,
        options.groups,
      ].join('\n'),
    );
    return stage;
  }

  get configPath(): string {
    return join(this.folder, 'foretide.yaml');
  }

  get socketPath(): string {
    return join(this.folder, 'store', 'foretide.sock');
  }

  /** Starts `foretide start` and waits until it says that it runs. */
  async startController(): Promise<void> {
    const child = spawn(
      process.execPath,
      [program, 'start', '--config', this.configPath, '--json'],
      {
        env: this.#environment(),
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    this.#controller = child;
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => void this.log.push(...text.trimEnd().split('\n')));
    await this.until('the controller runs', () =>
      this.log.some((line) => line.includes('running')),
    );
  }

  /** Starts another one on the same store, but its own ports, and waits for its end. */
  async runSecondController(): Promise<{ exitCode: unknown; errors: string }> {
    const text = readFileSync(this.configPath, 'utf8');
    const path = join(this.folder, 'second.yaml');
    const other = text
      .replace(/broker: .*/u, `broker: { listen: '127.0.0.1:${await takeAnyPort()}' }`)
      .replace(/api: .*/u, `api: { listen: '127.0.0.1:${await takeAnyPort()}' }`);
    writeFileSync(path, other);
    const child = spawn(process.execPath, [program, 'start', '--config', path], {
      env: this.#environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      errors += chunk;
    });
    const [exitCode]: unknown[] = await once(child, 'exit');
    return { exitCode, errors };
  }

  startAgents(): void {
    const { brokerUrl, cloud } = this;
    const agents = new MachineAgents({
      clock: createClock(),
      group: 'web',
      brokerUrl,
      list: () => cloud.list(),
    });
    agents.start();
    this.#agents = agents;
  }

  get desired(): number {
    return this.cloud.desired();
  }

  /** Waits for something to be true, looking often; a test that waits in vain says for what. */
  async until(
    what: string,
    isTrue: () => boolean | Promise<boolean>,
    withinMs = 60_000,
  ): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await isTrue())) {
      if (performance.now() > deadline) {
        throw new Error(
          `waited ${withinMs} ms in vain until ${what}; the log:\n${this.log.join('\n')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: this.cloud.url,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
    };
  }

  /** Tells the controller something that it outlives. */
  signalController(signal: NodeJS.Signals): void {
    this.#controller?.kill(signal);
  }

  async endController(signal: NodeJS.Signals): Promise<void> {
    const child = this.#controller;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
    this.#controller = null;
  }

  async close(): Promise<void> {
    this.#agents?.stop();
    await this.endController('SIGTERM');
    await this.cloud.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
