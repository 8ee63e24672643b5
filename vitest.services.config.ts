import { defineConfig } from 'vitest/config';

/** The tests with programs of others: `npm run test:services` installs those and runs these files alone. */
export default defineConfig({
  test: {
    include: ['tests/services/**/*.test.ts'],
    // A server and a learner at a time fit two cores.
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
