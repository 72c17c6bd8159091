import { describe, expect, it } from 'vitest';

import { createGate } from './gate.ts';

const never = new AbortController().signal;

describe('a gate', () => {
  it('lets in as many as it may, in the order they came', async () => {
    const gate = createGate({ insideMax: 2, waitingMax: 9 });
    const entered: number[] = [];
    const turns = [0, 1, 2, 3].map(async (turn) => {
      await gate.enter(never);
      entered.push(turn);
    });
    await Promise.all(turns.slice(0, 2));
    expect(entered).toEqual([0, 1]);
    gate.leave();
    await turns[2];
    expect(entered).toEqual([0, 1, 2]);
    gate.leave();
    await turns[3];
    expect(entered).toEqual([0, 1, 2, 3]);
  });

  it('turns away whoever would make the line too long', async () => {
    const gate = createGate({ insideMax: 1, waitingMax: 1 });
    await gate.enter(never);
    const waiting = gate.enter(never);
    expect(await gate.enter(never)).toBe('full');
    gate.leave();
    expect(await waiting).toBe('entered');
  });

  it('forgets whoever gave up, and lets nobody in for them', async () => {
    const gate = createGate({ insideMax: 1, waitingMax: 2 });
    await gate.enter(never);
    const impatient = new AbortController();
    const first = gate.enter(impatient.signal);
    const second = gate.enter(never);
    impatient.abort();
    expect(await first).toBe('aborted');
    gate.leave();
    expect(await second).toBe('entered');
    gate.leave();
    expect(await gate.enter(never)).toBe('entered');
  });

  it('lets nobody in who gave up before', async () => {
    const gate = createGate({ insideMax: 1, waitingMax: 1 });
    expect(await gate.enter(AbortSignal.abort())).toBe('aborted');
    expect(await gate.enter(never)).toBe('entered');
  });
});
