import { expect, it } from 'vitest';

import { readQueue, writeQueue } from './queue-state.ts';
import { setUp } from './testing/queue-fixture.ts';

it('is the same after it was saved and restored, also where messages came back to the end of the line', () => {
  const queue = setUp({ VisibilityTimeout: '10' });
  for (const body of ['a', 'b', 'c']) queue.send({ body });
  // Received more than thrice it waits behind those that were sent after it.
  for (let times = 0; times < 5; times += 1) {
    queue.receive();
    queue.wait(11_000);
  }
  const saved = writeQueue(queue.open());
  const places = saved.messages.map(({ place }) => place);
  expect(places).not.toEqual(places.toSorted((one, other) => one - other));
  expect(writeQueue(readQueue(saved, queue.open().settling))).toEqual(saved);
});
