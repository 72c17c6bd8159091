import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'checks/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
