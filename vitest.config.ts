/** Tests run in file order on every machine; those with real processes and browsers take their time. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Many wait for limits, browsers and other programs more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 240_000,
    reporters: ['default', './tests/counts-reporter.ts'],
  },
});
