/**
 * The dashboard at 200,000 customers, in a real browser: `npm run bench:web`. From a key or a click to the rows that are
 * painted, from an input of a what-if to its answer, from an address to the first paint; each beside its floor, the
 * same answers fetched by the same browser without drawing anything.
 *
 *   --rounds 3            how often each is measured
 *   --questions 20        filters and inputs a round
 *   --entities 200000
 *   --made <folder>       keeps the made workspace there, and takes one that is there already
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { loadPack } from '../src/pack/index.ts';
import { foldersOf } from '../src/workflow/folders.ts';
import { writeMadeScores } from '../tests/desk/made-scores.ts';
import { startServer } from '../tests/serving/server-process.ts';
import { openBrowser, openPage, settled } from '../tests/web/browser.ts';
import { type MadeWorkspace, makeWorkspace, PACK } from './serving/made-workspace.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    questions: { type: 'string', default: '20' },
    entities: { type: 'string', default: '200000' },
    made: { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds);
const QUESTIONS = Number(options.questions);
const CUSTOMER = 'C0000123';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const at = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};
/** Least, middle and 95th hundredth of milliseconds. */
const summary = (values: readonly number[]): string =>
  `min ${at(values, 0).toFixed(0)}, median ${at(values, 0.5).toFixed(0)}, p95 ${at(values, 0.95).toFixed(0)} ms of ${String(values.length)}`;

/** Models and features as the bench of the server has them, with scores of two dates. */
async function made(root: string): Promise<string> {
  const file = path.join(root, 'made.json');
  const workspace = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as MadeWorkspace)
    : await makeWorkspace(root, Number(options.entities));
  await writeFile(file, JSON.stringify(workspace));
  const { lake } = foldersOf(workspace.folder);
  if (!existsSync(path.join(lake, 'gold', 'churn_scores'))) {
    const pack = await loadPack(PACK);
    const rows = Number(options.entities);
    // Features of the same customers, in place of those that the bench of the server asks for.
    await rm(path.join(lake, ...pack.file.features.table.split('.')), { recursive: true, force: true });
    await writeMadeScores({ lake, pack, rows, date: '2024-09-01', seed: 1, withFeatures: false });
    await writeMadeScores({ lake, pack, rows, date: '2024-10-01' });
  }
  return workspace.folder;
}

/** Milliseconds from an event to the frame after which `isDone`, as the page itself measures them. */
function timed(page: Page, begin: string, isDone: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const begun = performance.now();
    ${begin};
    const look = () => {
      if (${isDone}) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  })`);
}

/** Milliseconds of an answer that is read and drawn by nobody. */
const fetched = (page: Page, address: string, body?: string): Promise<number> =>
  page.evaluate<number>(`(async () => {
    const begun = performance.now();
    const answer = await fetch(${JSON.stringify(address)}, ${
      body === undefined
        ? '{}'
        : `{ method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }`
    });
    await answer.json();
    return performance.now() - begun;
  })()`);

/** Tiers are switched on and off: each time other rows stand in the page. */
async function filters(browser: Browser, url: string): Promise<void> {
  await using watched = await openPage(browser, url, { clockBegins: null });
  const { page } = watched;
  await page.goto('/app/queue?tab=all');
  await settled(page);
  const painted: number[] = [];
  const floor: number[] = [];
  const tiers = ['RED', 'AMBER', 'YELLOW', 'GREEN'];
  for (let question = 0; question < ROUNDS * QUESTIONS; question++) {
    const tier = tiers[question % tiers.length] ?? '';
    const press = `[...document.querySelectorAll('button[aria-pressed]')].find((button) => button.textContent.includes('${tier}')).click()`;
    const search = `location.search.includes('tier=${tier}')`;
    const isOn = question % (2 * tiers.length) < tiers.length;
    // The first rows may be the same ones; how many there are is not.
    const count =
      "(/[0-9,]+ customers?, [^·]+/.exec(document.querySelector('main')?.textContent ?? '')?.[0] ?? '')";
    const first = await page.evaluate<string>(count);
    painted.push(
      await timed(
        page,
        press,
        `${isOn ? '' : '!'}${search} && document.querySelector('[aria-busy="true"]') === null && ${count} !== '' && ${count} !== ${JSON.stringify(first)}`,
      ),
    );
    const address = await page.evaluate<string>('location.search');
    floor.push(await fetched(page, `/v1/customers${address}`));
  }
  say(`filter to rows: ${summary(painted)}; floor ${summary(floor)}`);
}

/** An input of a what-if goes up and down. */
async function whatIfs(browser: Browser, url: string): Promise<void> {
  await using watched = await openPage(browser, url, { clockBegins: null });
  const { page } = watched;
  const bodies: string[] = [];
  page.on('request', (request) => {
    const body = request.postData();
    if (request.url().endsWith('/v1/what-if') && body !== null) bodies.push(body);
  });
  await page.goto(`/app/what-if?id=${CUSTOMER}`);
  await settled(page);
  await page.waitForLoadState('networkidle');
  const input = page
    .locator('main input[type="number"]:not([disabled]), main input[inputmode="numeric"]:not([disabled])')
    .first();
  const painted: number[] = [];
  const floor: number[] = [];
  for (let question = 0; question < ROUNDS * QUESTIONS; question++) {
    const answered = page.waitForResponse((response) => response.url().endsWith('/v1/what-if'));
    const begun = performance.now();
    await input.fill(String(1 + question));
    await (await answered).finished();
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
    painted.push(performance.now() - begun);
    floor.push(await fetched(page, '/v1/what-if', bodies.at(-1) ?? '{}'));
  }
  say(`what-if, from the key to what is drawn: ${summary(painted)}; floor ${summary(floor)}`);
}

/** From an address to the first paint, and what the page asks for, page by page. */
async function views(browser: Browser, url: string): Promise<void> {
  const addresses = [
    '/',
    '/queue',
    `/customers/${CUSTOMER}`,
    `/what-if?id=${CUSTOMER}`,
    '/performance',
    '/data',
  ];
  for (const address of addresses) {
    const paints: number[] = [];
    const wholes: number[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await using watched = await openPage(browser, url, { clockBegins: null });
      const { page } = watched;
      const sizes: Promise<number>[] = [];
      page.on('response', (response) => {
        if (response.url().includes('/v1/')) sizes.push(response.body().then(({ length }) => length));
      });
      const begun = performance.now();
      await page.goto(`/app${address}`);
      await settled(page);
      wholes.push(performance.now() - begun);
      paints.push(
        await page.evaluate<number>(
          "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN",
        ),
      );
      bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    }
    say(
      `${address}: first paint ${summary(paints)}; whole ${summary(wholes)}; documents of ${(bytes / 1000).toFixed(1)} KB`,
    );
  }
}

async function measureAll(root: string): Promise<void> {
  const workspace = await made(root);
  await using server = await startServer([
    '--workspace',
    workspace,
    '--pack',
    PACK,
    '--set',
    'serve.max_delay_ms=600000',
  ]);
  const browser = await openBrowser();
  try {
    say(
      `${String(availableParallelism())} processors, load ${loadavg()
        .map((value) => value.toFixed(2))
        .join(' ')}`,
    );
    await views(browser, server.url);
    await filters(browser, server.url);
    await whatIfs(browser, server.url);
    say(
      `load ${loadavg()
        .map((value) => value.toFixed(2))
        .join(' ')}`,
    );
  } finally {
    await browser.close();
  }
}

const root = options.made ?? (await mkdtemp(path.join(tmpdir(), 'holdfast-bench-web-')));
try {
  await measureAll(root);
} finally {
  if (options.made === undefined) await rm(root, { recursive: true, force: true });
}
