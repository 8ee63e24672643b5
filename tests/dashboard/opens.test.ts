/** The dashboard in a real browser, in short; `npm run test:web` looks at all of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { MAGAZINE_PACK, openMagazine, readers } from '../main-job/magazine.ts';
import { type ServerProcess, startServer } from '../serving/server-process.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { openBrowser, openPage, settled, SKIPPED, violations } from '../web/browser.ts';

describe.skipIf(SKIPPED !== '')(`the dashboard${SKIPPED}`, () => {
  let workspace: TestWorkspace;
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    workspace = await openMagazine();
    await workspace.land('readers.csv', readers(400));
    await workspace.run();
    server = await startServer(['--workspace', workspace.folder, '--pack', MAGAZINE_PACK]);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    await workspace[Symbol.asyncDispose]();
  });

  test.each([
    { page: 'the overview', address: '/app/', heading: 'Overview' },
    { page: 'the queue', address: '/app/queue?tab=all', heading: 'Work queue' },
  ])('opens $page, for everybody, and asks no other host', async ({ address, heading }) => {
    await using watched = await openPage(browser, server.url, { clockBegins: null });
    const { page, errors, strangers, asked } = watched;
    await page.goto(address);
    await settled(page);
    expect(await page.locator('h1').innerText()).toBe(heading);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(asked.length).toBeGreaterThan(1);
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    expect(strangers).toEqual([]);
  });
});
