// `foretide demo`: shows the main job on this machine alone, in a live view or as one line at its end.

import { startDemo, type RunningDemo } from '../demo/demo.ts';
import { DemoRecorder, type DemoSummary } from '../demo/demo-recorder.ts';
import { renderView } from '../demo/terminal-view.ts';
import { nextStop } from '../stop-signal.ts';
import { createLog, createTextLog } from '../terminal-log.ts';

export interface DemoCommandOptions {
  readonly headless?: boolean;
  /** Milliseconds of real time; undefined: until it is told to stop. */
  readonly for?: number;
  readonly speed: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly socket: string;
}

const framesPerSecond = 4;

export async function demo(options: DemoCommandOptions): Promise<void> {
  const hasView = options.headless !== true && process.stdout.isTTY;
  const isQuiet = options.json === true || hasView;
  const log = isQuiet ? createTextLog(() => {}) : createLog({ isJson: false });
  const { speed, seed, socket } = options;
  const running = await startDemo({ speed, seed, log, socketPath: socket });
  const recorder = new DemoRecorder(running);
  recorder.start();
  for (const notice of running.notices) log.write('info', notice);
  log.write('info', describePage(running));
  const stopView = hasView ? showView(running, recorder, speed) : () => {};
  await nextStop(options.for ?? null);
  stopView();
  recorder.stop();
  const summary = recorder.summarise();
  await running.stop();
  process.stdout.write(options.json === true ? `${JSON.stringify(summary)}\n` : describe(summary));
}

function describePage({ httpAddress, token }: RunningDemo): string {
  return `the page is at ${httpAddress}; to act there, log in with ${token}`;
}

/** Draws over the whole screen until it is stopped; the screen before comes back then. */
function showView(running: RunningDemo, recorder: DemoRecorder, speed: number): () => void {
  const { stdout } = process;
  const isColoured = process.env['NO_COLOR'] === undefined || process.env['NO_COLOR'] === '';
  const draw = (): void => {
    const view = renderView(recorder.snapshot(speed), { columns: stdout.columns, isColoured });
    const all = [...view.split('\n'), describePage(running)];
    const lines = all.slice(0, Math.max(1, stdout.rows - 1));
    stdout.write(`${home}${lines.map((line) => `${line}${clearLine}`).join('\n')}${clearBelow}`);
  };
  stdout.write(enterScreen);
  const timer = setInterval(draw, 1000 / framesPerSecond);
  draw();
  return () => {
    clearInterval(timer);
    stdout.write(leaveScreen);
  };
}

// Codes of ECMA-48 and xterm: the alternate screen without a cursor, and drawing over it.
const enterScreen = '\u001B[?1049h\u001B[?25l';
const leaveScreen = '\u001B[?25h\u001B[?1049l';
const home = '\u001B[H';
const clearLine = '\u001B[K';
const clearBelow = '\u001B[J';

function describe(summary: DemoSummary): string {
  const { reportsReceived, decisions, desired, reactionMs, refusals, ticksSkipped } = summary;
  const reaction =
    reactionMs.p50 === null
      ? ''
      : `; report to AWS's answer ${reactionMs.p50} ms (p99 ${reactionMs.p99})`;
  const { scaleOut, scaleIn, hold } = decisions;
  return (
    `${reportsReceived} reports; ${scaleOut} scale-outs, ${scaleIn} scale-ins, ${hold} holds; ` +
    `desired ${desired.min} to ${desired.max}${reaction}; ` +
    `${refusals} refusals, ${ticksSkipped} ticks skipped\n`
  );
}
