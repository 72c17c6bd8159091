import { describe, expect, it } from 'vitest';
import { describeQueue, viewQueue, type Measured } from './queue-view.ts';

const measured: Measured = {
  queue: 'jobs',
  visible: 50,
  inFlight: 4,
  delayed: 0,
  dead: null,
  oldestSeconds: 61,
  meanSeconds: 25,
  meanFrom: 'option',
  inService: 4,
};
const terms = { promiseSeconds: 300, workersPerInstance: 1 };

describe('the view of a queue', () => {
  it('sets the backlog of an instance beside the acceptable one', () => {
    const view = viewQueue(measured, terms);
    expect(view).toMatchObject({ backlogPerInstance: 12.5, acceptableBacklog: 12 });
    expect(view.emptyInSeconds).toBe(325);
    expect(describeQueue(view)).toContain('12.5, too many; 12 are acceptable for 5 min 0 s');
  });

  it('says that it does not know, where nobody works or nobody tells', () => {
    const idle = viewQueue({ ...measured, inService: 0 }, terms);
    expect(idle).toMatchObject({ backlogPerInstance: null, emptyInSeconds: null });
    const silent = viewQueue(
      { ...measured, meanSeconds: null, meanFrom: null, inService: null },
      terms,
    );
    expect(silent).toMatchObject({ acceptableBacklog: null, emptyInSeconds: null });
    expect(describeQueue(silent)).toMatch(/mean duration +unknown: --duration/u);
  });

  it('is empty now where nothing is left, whoever works', () => {
    const empty = viewQueue({ ...measured, visible: 0, inFlight: 0, inService: 0 }, terms);
    expect(empty.emptyInSeconds).toBe(0);
  });
});
