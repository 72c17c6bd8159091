// A command of the operator whose output is `name value` lines. It may print once and end, and is
// then run again each period; or print for ever. One that falls silent is ended. Never two at once.
//
//   idle ──start()──▶ running ──exit──▶ waiting ──period over──▶ running …
//                        │ silent for too long: SIGTERM, then SIGKILL
//   stop() from any state ──▶ stopped

import type { ChildProcess } from 'node:child_process';
import type { CancelTimer, Clock } from '../clock.ts';
import { describeError } from '../describe-error.ts';
import type { TroubleLog } from '../log.ts';
import { LineSplitter, lineBytesMax } from './signal-line.ts';
import type { Boards } from './boards.ts';
import { takeLines } from './take-lines.ts';

/** From one start to the next, unless an option says otherwise. */
export const commandPeriodMsDefault = 10_000;
/** A command that prints no line for so long hangs. */
export const commandSilenceMsMax = 30_000;
/** Between asking it to end and ending it. */
export const commandGraceMs = 2_000;

export interface CommandOptions {
  /** Given to `sh -c`. */
  readonly command: string;
  readonly periodMs: number;
}

export class WatchedCommand {
  #child: ChildProcess | null = null;
  #isStopped = false;
  #hasTrouble = false;
  #onStopped: () => void = () => {};
  #startedAtMs = 0;
  #cancelSilence: CancelTimer = () => {};
  #cancelRestart: CancelTimer = () => {};
  #cancelKill: CancelTimer = () => {};
  readonly #options: CommandOptions;
  readonly #boards: Boards;
  readonly #clock: Clock;
  readonly #troubles: TroubleLog;

  constructor(options: CommandOptions, boards: Boards, clock: Clock, troubles: TroubleLog) {
    this.#options = options;
    this.#boards = boards;
    this.#clock = clock;
    this.#troubles = troubles;
  }

  async start(): Promise<void> {
    const { spawn } = await import('node:child_process');
    if (this.#isStopped) return;
    this.#startedAtMs = this.#clock.monotonicMs();
    this.#hasTrouble = false;
    // A process group of its own, so that what the shell has started ends with it.
    const child = spawn('/bin/sh', ['-c', this.#options.command], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
      env: withoutSecrets(process.env),
    });
    this.#child = child;
    this.#watchSilence();
    const splitter = new LineSplitter();
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.#read(splitter, chunk));
    child.once('error', (error) => this.#onExit(describeError(error)));
    child.once('close', (code, signal) => this.#onExit(describeExit(code, signal)));
  }

  /** Ends the command, and does not start it again. Resolves when nothing of it runs. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelRestart();
    this.#cancelSilence();
    if (this.#child === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onStopped = resolve;
      this.#end();
    });
  }

  #read(splitter: LineSplitter, chunk: string): void {
    const { lines, tooLong } = splitter.split(chunk);
    if (lines.length > 0) this.#watchSilence();
    const problem =
      tooLong > 0
        ? `a line of more than ${lineBytesMax} bytes`
        : takeLines(lines, this.#boards, this.#clock.monotonicMs());
    if (problem !== null) this.#say(`printed ${problem}`);
  }

  #watchSilence(): void {
    this.#cancelSilence();
    if (this.#isStopped) return;
    this.#cancelSilence = this.#clock.after(commandSilenceMsMax, () => {
      const seconds = commandSilenceMsMax / 1_000;
      this.#say(`printed nothing for ${seconds} s, so it is ended`);
      this.#end();
    });
  }

  #end(): void {
    const child = this.#child;
    if (child === null) return;
    signalGroup(child, 'SIGTERM');
    this.#cancelKill();
    this.#cancelKill = this.#clock.after(commandGraceMs, () => {
      signalGroup(child, 'SIGKILL');
      // What has left the group may hold the pipe for ever; it is not waited for.
      child.stdout?.destroy();
    });
  }

  #say(problem: string): void {
    this.#hasTrouble = true;
    this.#troubles.say('exec', `the command ${problem}`);
  }

  #onExit(problem: string | null): void {
    if (this.#child === null) return;
    this.#child = null;
    this.#cancelSilence();
    this.#cancelKill();
    this.#onStopped();
    if (this.#isStopped) return;
    if (problem !== null) this.#say(problem);
    if (!this.#hasTrouble) this.#troubles.clear('exec', 'the command is good again');
    const sinceStartMs = this.#clock.monotonicMs() - this.#startedAtMs;
    const delayMs = Math.max(0, this.#options.periodMs - sinceStartMs);
    this.#cancelRestart = this.#clock.after(delayMs, () => void this.start());
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string | null {
  if (signal !== null) return `was ended by ${signal}`;
  return code === 0 ? null : `ended with exit code ${code}`;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended by itself in the meantime.
  }
}

function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { FORETIDE_PASSWORD: _password, ...others } = environment;
  return others;
}
