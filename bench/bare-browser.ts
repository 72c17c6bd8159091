// Chromium by its own debugging protocol, with nothing switched on that a person's browser has off. A
// test driver watches the network, for which the browser keeps what every answer and event said: that
// grows by itself, and would be taken for the page's growth.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { browserFlags, browserPath } from '../test/support/browser.ts';

const startLimitMs = 60_000;
const answerLimitMs = 60_000;
const lookEveryMs = 100;

const message = z.looseObject({
  id: z.int().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});
const created = z.looseObject({ targetId: z.string() });
const attached = z.looseObject({ sessionId: z.string() });
const evaluated = z.looseObject({ result: z.looseObject({ value: z.unknown() }) });
const processes = z.looseObject({ processInfo: z.array(z.looseObject({ id: z.int() })) });

export interface BareWindow {
  send(method: string, params?: object): Promise<unknown>;
  /** Polls the expression until it is truthy. */
  waitFor(expression: string): Promise<void>;
}

export interface BareBrowser {
  /** In a window of its own, so that it is never taken for hidden. */
  open(url: string): Promise<BareWindow>;
  processIds(): Promise<readonly number[]>;
  close(): Promise<void>;
}

export async function startBareBrowser(): Promise<BareBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-browser-'));
  const args = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`];
  const child = spawn(browserPath, [...browserFlags, ...args, 'about:blank'], { stdio: 'ignore' });
  process.once('exit', () => child.kill());
  const send = await connect(await findSocket(folder));
  return {
    open: async (url) => {
      const target = { url, newWindow: true, width: 1280, height: 900 };
      const { targetId } = created.parse(await send('Target.createTarget', target));
      const { sessionId } = attached.parse(
        await send('Target.attachToTarget', { targetId, flatten: true }),
      );
      return createWindow((method, params = {}) => send(method, params, sessionId));
    },
    processIds: async () => {
      const { processInfo } = processes.parse(await send('SystemInfo.getProcessInfo', {}));
      return processInfo.map(({ id }) => id);
    },
    close: () => close(child, folder),
  };
}

function createWindow(send: BareWindow['send']): BareWindow {
  return {
    send,
    waitFor: async (expression) => {
      const endsAt = performance.now() + answerLimitMs;
      while (performance.now() < endsAt) {
        // While a page is being loaded there is nothing yet to ask.
        const answer = await send('Runtime.evaluate', { expression: `!!(${expression})` }).catch(
          () => null,
        );
        if (answer !== null && evaluated.parse(answer).result.value === true) return;
        await sleep(lookEveryMs);
      }
      throw new Error(`the page has not come to ${expression} within ${answerLimitMs / 1000} s`);
    },
  };
}

/** The browser writes its port and path into a file once it listens. */
async function findSocket(folder: string): Promise<string> {
  const endsAt = performance.now() + startLimitMs;
  while (performance.now() < endsAt) {
    try {
      const [port, path] = readFileSync(join(folder, 'DevToolsActivePort'), 'utf8').split('\n');
      if (path !== undefined && path !== '') return `ws://127.0.0.1:${port}${path}`;
    } catch {
      // Not there yet.
    }
    await sleep(lookEveryMs);
  }
  throw new Error(`${browserPath} has not come up within ${startLimitMs / 1000} s`);
}

type Send = (method: string, params: object, sessionId?: string) => Promise<unknown>;

async function connect(url: string): Promise<Send> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`${url} cannot be opened`)));
  });
  const waiting = new Map<number, (answer: z.infer<typeof message>) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = message.parse(JSON.parse(String(data)));
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  let count = 0;
  return async (method, params, sessionId) => {
    count += 1;
    const id = count;
    const answered = new Promise<z.infer<typeof message>>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${method}: no answer`)), answerLimitMs);
      waiting.set(id, (answer) => {
        clearTimeout(late);
        waiting.delete(id);
        resolve(answer);
      });
    });
    socket.send(
      JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) }),
    );
    const { error, result } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
}

async function close(child: ChildProcess, folder: string): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
