// A thread for tests of the pool: answers in capitals, and fails when it is asked to.
import { serveTasks } from '../simulation/thread-pool.ts';

serveTasks(({ text }: { readonly text: string }): string => {
  if (text === 'fail') throw new Error('asked to fail');
  return text.toUpperCase();
});
