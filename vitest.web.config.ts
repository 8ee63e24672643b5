import { defineConfig } from 'vitest/config';

/** The tests of the dashboard in a real browser: `npm run test:web` installs that and runs these files alone. */
export default defineConfig({
  test: {
    include: ['tests/web/**/*.test.ts'],
    // Makes the workspace that all of them look at.
    globalSetup: ['tests/web/global-setup.ts'],
    // A server and a browser at a time fit two cores.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
