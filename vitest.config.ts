import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'tools/**/*.test.ts', 'web/src/**/*.test.ts'],
    // `npm run test:services` and `npm run test:web` run these.
    exclude: ['**/node_modules/**', 'tests/services/**', 'tests/web/**'],
    // Tests start real engines and native learners: two files at a time fit two cores.
    maxWorkers: 2,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
