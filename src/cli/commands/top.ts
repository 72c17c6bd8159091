// `foretide top`: every group live in a terminal, over the controller's socket, for those who came by
// ssh. Without a terminal it prints once and ends.

import { createClient, type ApiClient } from '../../api/client.ts';
import { renderTop, type TopView } from '../top-view.ts';
import { StartError } from '../start-error.ts';

export interface TopOptions {
  readonly socket: string;
}

const lookEveryMs = 1000;
const columnsDefault = 80;
const rowsDefault = 24;
const rowsWithoutTerminal = 10_000;
const columnsWithoutTerminal = 160;

export async function top({ socket }: TopOptions): Promise<void> {
  const client = createClient({ socketPath: socket });
  const { stdin, stdout } = process;
  if (stdout.isTTY && stdin.isTTY) {
    await showLive(client);
    return;
  }
  const view = await look(client);
  if (view.kind === 'lost') throw new StartError(view.message, 1);
  const size = { columns: columnsWithoutTerminal, rows: rowsWithoutTerminal, isColoured: false };
  stdout.write(`${renderTop(view, { ...size, selected: null })}\n`);
}

async function look(client: ApiClient): Promise<TopView> {
  const answer = await client.groups();
  switch (answer.kind) {
    case 'answered':
      return { kind: 'seen', groups: answer.value.groups };
    case 'refused':
      return { kind: 'lost', message: answer.detail };
    case 'unreachable':
      return { kind: 'lost', message: answer.message };
  }
}

/** Until `q` or ctrl-C: arrows choose a group, whose reasons stand below the list. */
function showLive(client: ApiClient): Promise<void> {
  const { stdin, stdout } = process;
  const noColour = process.env['NO_COLOR'] ?? '';
  let view: TopView = { kind: 'lost', message: 'asking the controller' };
  let selected = 0;
  let isLooking = false;
  const draw = (): void => {
    // A terminal that does not know its size says 0.
    const columns = stdout.columns > 0 ? stdout.columns : columnsDefault;
    const rows = stdout.rows > 0 ? stdout.rows : rowsDefault;
    const text = renderTop(view, { columns, rows, isColoured: noColour === '', selected });
    stdout.write(`${home}${text.split('\n').join(`${clearLine}\n`)}${clearLine}${clearBelow}`);
  };
  const refresh = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    view = await look(client);
    isLooking = false;
    draw();
  };
  return new Promise((resolve) => {
    const timer = setInterval(() => void refresh(), lookEveryMs);
    const end = (): void => {
      clearInterval(timer);
      stdout.off('resize', draw);
      stdin.off('data', press);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write(leaveScreen);
      resolve();
    };
    const press = (key: Buffer): void => {
      const text = key.toString('utf8');
      if (text === 'q' || text === controlC) {
        end();
        return;
      }
      const last = view.kind === 'seen' ? view.groups.length - 1 : 0;
      if (text === arrowDown || text === 'j') selected = Math.min(last, selected + 1);
      if (text === arrowUp || text === 'k') selected = Math.max(0, selected - 1);
      draw();
    };
    stdout.write(enterScreen);
    stdin.setRawMode(true);
    stdin.resume();
    stdin.on('data', press);
    stdout.on('resize', draw);
    void refresh();
  });
}

// Codes of ECMA-48 and xterm: the alternate screen without a cursor, drawing over it, and keys.
const enterScreen = '\u001B[?1049h\u001B[?25l';
const leaveScreen = '\u001B[?25h\u001B[?1049l';
const home = '\u001B[H';
const clearLine = '\u001B[K';
const clearBelow = '\u001B[J';
const arrowUp = '\u001B[A';
const arrowDown = '\u001B[B';
const controlC = '\u0003';
