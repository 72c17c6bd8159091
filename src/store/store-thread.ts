// The thread in which the store's file is worked on, so that a slow disk, a lock of another process
// or a long read never holds the controller up. Started by `open-store.ts`.

import { parentPort, workerData } from 'node:worker_threads';

import { createSqliteEngine } from './sqlite-engine.ts';
import type { EngineOptions, FromStoreThread, ToStoreThread } from './store-call.ts';

if (parentPort === null) throw new Error('store-thread.ts is started by openStore');
const port = parentPort;
// `open-store.ts` gives nothing else.
const engine = createSqliteEngine(workerData as EngineOptions);
let setAsideTold = 0;

function answer(message: FromStoreThread): void {
  port.postMessage(message);
}

port.on('message', (message: ToStoreThread) => {
  switch (message.kind) {
    case 'batch': {
      const outcomes = engine.run(message.calls);
      const setAside = engine.setAside.slice(setAsideTold);
      setAsideTold = engine.setAside.length;
      answer({ kind: 'answers', outcomes, setAside });
      // After the answer: nobody waits for it.
      engine.tidy();
      return;
    }
    case 'close':
      engine.close();
      answer({ kind: 'closed' });
      port.close();
  }
});
