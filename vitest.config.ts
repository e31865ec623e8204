/** Tests run in file order on every machine; those with real processes and browsers take their time. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    reporters: ['default', './tests/counts-reporter.ts'],
  },
});
