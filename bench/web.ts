/**
 * The dashboard at 200,000 customers, in a real browser: `npm run bench:web`. From a key or a click to the rows that are
 * painted, from an input of a what-if to its answer, from an address to the first paint; each beside its floor, the
 * same answers fetched by the same browser without drawing anything.
 *
 *   --rounds 3            how often each is measured
 *   --questions 20        filters and inputs a round
 *   --entities 200000
 *   --only questions      leaves out the pages as a whole
 *   --made <folder>       keeps the made workspace there, and takes one that is there already
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { Facts, WhatIf } from '../src/desk/contract.ts';
import { SCORES_TABLE } from '../src/decide/index.ts';
import { openDuckDb } from '../src/engine/index.ts';
import { systemClock } from '../src/kernel/index.ts';
import { openLake } from '../src/lake/index.ts';
import { loadPack } from '../src/pack/index.ts';
import { labelColumn, LABELS_TABLE } from '../src/prepare/index.ts';
import { foldersOf } from '../src/workflow/folders.ts';
import { writeMadeScores } from '../tests/desk/made-scores.ts';
import { startServer } from '../tests/serving/server-process.ts';
import { openBrowser, openPage, settled } from '../tests/web/browser.ts';
import { percentInDetail } from '../web/src/ui/format.ts';
import { type MadeWorkspace, makeWorkspace, PACK } from './serving/made-workspace.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    questions: { type: 'string', default: '20' },
    entities: { type: 'string', default: '200000' },
    made: { type: 'string' },
    only: { type: 'string' },
  },
});
const ROUNDS = Number(options.rounds);
const QUESTIONS = Number(options.questions);
const CUSTOMER = 'C0000123';
const REST_MS = 200;

const raise = (message: string): never => {
  throw new Error(message);
};

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
  await writeOutcomes(lake);
  return workspace.folder;
}

const MONTHS_OF_LABELS = 12;

/** What became of everybody month by month, in place of the labels that the bench of the server asks for. */
async function writeOutcomes(root: string): Promise<void> {
  const { file } = await loadPack(PACK);
  await using engine = await openDuckDb();
  const lake = openLake({ root, engine, clock: systemClock });
  const { fields } = await lake.snapshot(LABELS_TABLE);
  if (file.horizons.every((days) => fields.some(({ name }) => name === labelColumn(days)))) return;
  await lake.attach([SCORES_TABLE]);
  const { key } = file.entity;
  const outcomes = file.horizons.map(
    (days) =>
      `CASE WHEN day + ${String(days)} <= DATE '2024-10-01'
         THEN CAST(hash(${key}, day, ${String(days)}) % 100 < ${String(days / 10)} AS INTEGER) END AS ${labelColumn(days)}`,
  );
  await lake.write(
    LABELS_TABLE,
    `SELECT ${key}, day AS observation_date, 1 AS at_risk, ${outcomes.join(', ')} FROM ${SCORES_TABLE},
       (SELECT CAST(DATE '2024-10-01' - i * INTERVAL '1 month' AS DATE) AS day
        FROM range(${String(MONTHS_OF_LABELS)}) AS months(i)) AS days
     WHERE score_date = DATE '2024-10-01'`,
    {
      mode: 'overwrite',
      properties: {},
      info: {
        runId: 'bench',
        operation: 'PREPARE',
        inputs: {},
        holdfast: { observedTo: '2024-10-01' },
      },
    },
  );
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

/** What `fetch` is called with. */
const request = (address: string, body?: string): string =>
  JSON.stringify(address) +
  (body === undefined
    ? ''
    : `, { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }`);

/** Milliseconds of an answer that is read and drawn by nobody. */
const fetched = (page: Page, address: string, body?: string): Promise<number> =>
  page.evaluate<number>(`(async () => {
    const begun = performance.now();
    await (await fetch(${request(address, body)})).json();
    return performance.now() - begun;
  })()`);

/** Reads what the page itself has done since the last reading, in milliseconds of a processor a question. */
async function pageWork(page: Page): Promise<(questions: number) => Promise<string>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<Map<string, number>> =>
    new Map(
      (await devtools.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value * 1000]),
    );
  let last = await read();
  return async (questions) => {
    const before = last;
    last = await read();
    const spent = (name: string): string =>
      (((last.get(name) ?? 0) - (before.get(name) ?? 0)) / questions).toFixed(1);
    return `work of the page ${spent('TaskDuration')} ms each (scripts ${spent('ScriptDuration')}, styles ${spent('RecalcStyleDuration')}, layout ${spent('LayoutDuration')})`;
  };
}

/** Tiers are switched on and off: each time other rows stand in the page. */
async function filters(browser: Browser, url: string): Promise<void> {
  await using watched = await openPage(browser, url, { clockBegins: null });
  const { page } = watched;
  await page.goto('/app/queue?tab=all');
  await settled(page);
  const painted: number[] = [];
  const floor: number[] = [];
  const work = await pageWork(page);
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
  say(`filter to rows: ${summary(painted)}; floor ${summary(floor)}; ${await work(painted.length)}`);
  say(
    `  the first two of them ${painted
      .slice(0, 2)
      .map((ms) => ms.toFixed(0))
      .join(' and ')} ms`,
  );
}

/** One input, what it is changed to, and the probabilities that the model then gives, as the page writes them. */
interface WhatIfQuestion {
  readonly label: string;
  readonly text: string;
  readonly body: string;
  readonly shown: string;
}

/** Changes of one input each, of which none leaves the probabilities as the one before left them. */
async function whatIfQuestions(page: Page, first: string): Promise<WhatIfQuestion[]> {
  const answered = <T>(address: string, body?: string): Promise<T> =>
    page.evaluate<T>(`(async () => (await fetch(${request(address, body)})).json())()`);
  const { features } = await answered<Facts>('/v1/facts');
  const { features: start } = JSON.parse(first) as { features: Record<string, unknown> };
  const fields = features.filter(
    ({ type, is_main: isMain, is_frozen: isFrozen, lowest, highest }) =>
      type === 'numeric' && isMain && !isFrozen && lowest !== null && highest !== null,
  );
  const found: WhatIfQuestion[] = [];
  const inputs = { ...start };
  const figuresOf = async (body: string): Promise<string> => {
    const { probabilities } = await answered<WhatIf>('/v1/what-if', body);
    return probabilities.map(({ probability }) => percentInDetail(probability)).join(' ');
  };
  let before = await figuresOf(first);
  for (let step = 0; found.length < ROUNDS * QUESTIONS && step < 1000; step++) {
    const { name, label, lowest, highest } = fields[step % fields.length] ?? raise('no input can be changed');
    const value = Math.round((lowest ?? 0) + (((step * 37) % 100) / 100) * ((highest ?? 0) - (lowest ?? 0)));
    const body = JSON.stringify({ features: { ...inputs, [name]: value } });
    const shown = await figuresOf(body);
    if (shown === before) continue;
    inputs[name] = value;
    before = shown;
    found.push({ label, text: String(value), body, shown });
  }
  return found;
}

/** From the change of an input to the new probabilities on the screen; each answer is of inputs that were not asked before. */
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
  const questions = await whatIfQuestions(page, bodies[0] ?? raise('the page asked nothing'));
  const painted: number[] = [];
  const floor: number[] = [];
  const work = await pageWork(page);
  for (const { label, text, body, shown } of questions) {
    // Its bars are the only strong words of the outcome.
    const figures =
      "[...document.querySelectorAll('section[aria-labelledby=outcome-title] strong')].map(({ textContent }) => textContent).join(' ')";
    painted.push(
      await timed(
        page,
        `const field = [...document.querySelectorAll('main label')].find(({ firstChild }) => firstChild?.textContent === ${JSON.stringify(label)})?.control;
         Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, ${JSON.stringify(text)});
         field.dispatchEvent(new InputEvent('input', { bubbles: true }))`,
        `${figures} === ${JSON.stringify(shown)}`,
      ),
    );
    floor.push(await fetched(page, '/v1/what-if', body));
    // Whoever changes an input looks at the answer before the next one.
    await page.waitForTimeout(REST_MS);
  }
  say(
    `what-if, from the change to the new probabilities: ${summary(painted)}; floor ${summary(floor)}; ${await work(painted.length)}`,
  );
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
    const failed: string[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await using watched = await openPage(browser, url, { clockBegins: null });
      const { page } = watched;
      const sizes: Promise<number>[] = [];
      page.on('response', (response) => {
        if (!response.url().includes('/v1/')) return;
        if (!response.ok()) failed.push(`${String(response.status())} ${response.url()}`);
        sizes.push(response.body().then(({ length }) => length));
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
      // A page that says what went wrong is drawn soon, or late where it asks again: neither is what is measured.
      if (failed.length > 0) raise(`${address} was refused: ${failed.join(', ')}`);
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
    if (options.only !== 'questions') await views(browser, server.url);
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
