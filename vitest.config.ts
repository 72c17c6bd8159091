// Which files are tests, and how they run: in processes of their own, few enough for two cores.

import { defineConfig } from 'vitest/config';

/** Far above what any takes by itself: a busy machine is no failure. A longer test says so itself. */
const testLimitMs = 60_000;

const exclude = ['**/node_modules/**', '**/dist/**', 'checks/fixtures/**'];

/** They measure the machine's own load: they run when nothing else does. */
const needsQuiet = ['test/end-to-end/real-load.test.ts'];

export default defineConfig({
  test: {
    exclude,
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{src,test,checks,scripts,bin}/**/*.test.ts'],
          exclude: [...exclude, ...needsQuiet],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'quiet', include: needsQuiet, sequence: { groupOrder: 1 } } },
    ],
    watch: false,
    // Sockets, child processes and node:sqlite: a process can be ended whatever state it is in.
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: testLimitMs,
    hookTimeout: testLimitMs,
    teardownTimeout: 5000,
    // A test left alone by `.only` is a failure here too, not just where CI is set.
    allowOnly: false,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
