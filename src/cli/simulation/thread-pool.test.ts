import { describe, expect, it } from 'vitest';

import { runInThreads } from './thread-pool.ts';

const module = new URL('../testing/echo-thread.ts', import.meta.url);

interface EchoTask {
  readonly affinity: string;
  readonly text: string;
}

function makeTasks(count: number): readonly EchoTask[] {
  return Array.from({ length: count }, (_, index) => ({
    affinity: `half ${index % 2}`,
    text: `task ${index}`,
  }));
}

describe('simulations in threads', () => {
  it('answers every task once, whatever the number of threads', async () => {
    for (const threads of [1, 3]) {
      const answers: string[] = [];
      const tasks = makeTasks(20);
      await runInThreads<EchoTask, string>({
        module,
        tasks,
        threads,
        onAnswer: (task, answer) => {
          expect(answer).toBe(task.text.toUpperCase());
          answers.push(answer);
        },
      });
      expect(answers.toSorted()).toEqual(tasks.map(({ text }) => text.toUpperCase()).toSorted());
    }
  });

  it('ends with the failure of a task', async () => {
    const tasks = [{ affinity: 'one', text: 'fail' }];
    const run = runInThreads<EchoTask, string>({ module, tasks, onAnswer: () => undefined });
    await expect(run).rejects.toThrow('asked to fail');
  });

  it('leaves the rest undone once it is over', async () => {
    const answers: string[] = [];
    await runInThreads<EchoTask, string>({
      module,
      tasks: makeTasks(20),
      threads: 1,
      onAnswer: (_task, answer) => answers.push(answer),
      isOver: () => answers.length >= 5,
    });
    expect(answers).toHaveLength(5);
  });
});
