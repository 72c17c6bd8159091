// A thread for tests of fits beside the loop: by the length of a series it hangs, ends, throws or answers.
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', ({ task }: { readonly task: { readonly means: Float64Array } }) => {
  const { means } = task;
  while (means.length === 0);
  if (means.length === 1) process.exit(0);
  if (means.length === 2) throw new Error('asked to fail');
  parentPort?.postMessage({ answer: means });
});
