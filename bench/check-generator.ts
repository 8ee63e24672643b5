/**
 * Compares the made-up broadband company with what is published about a real one.
 * `npm run check:generator -- [--customers N] [--seed N] [--facts DIR] [--out DIR] [--workspace DIR] [--quick]`
 * writes report.html and report.json and ends with 1 where a bar is missed. `--quick` leaves the models out,
 * `--published-range` those of 60 and 90 days, which need a longer range.
 */
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { labelColumn, LABELS_TABLE } from '../src/prepare/index.ts';
import { type Context, runSteps } from '../src/workflow/index.ts';
import { compareBeforeTheCease } from './check-generator/before-the-cease.ts';
import { compareConditionalRates } from './check-generator/conditional-rates.ts';
import { compareDistributions } from './check-generator/distributions.ts';
import { describeBar, type Figure, formatValue, isMet } from './check-generator/figure.ts';
import { evaluateLogistic } from './check-generator/logistic.ts';
import { horizonFigures, publishedModelFigures } from './check-generator/model-figures.ts';
import { evaluateOwnRules, evaluatePublishedProtocol } from './check-generator/models.ts';
import { PUBLISHED_FACTS_FOLDER, readPublishedFacts } from './check-generator/published-facts.ts';
import { addOwnLabels, makeRawTables } from './check-generator/raw-tables.ts';
import { type CheckResult, renderCheckReport } from './check-generator/report.ts';
import {
  compareBaseRates,
  compareCalls,
  compareCategories,
  compareCounts,
} from './check-generator/shares.ts';
import { openWorkspace } from './open-workspace.ts';
import { type PhaseFigures, runPhase } from './run-phase.ts';

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '202782' },
    seed: { type: 'string', default: '7' },
    facts: { type: 'string', default: PUBLISHED_FACTS_FOLDER },
    out: { type: 'string', default: path.resolve(import.meta.dirname, 'out/check-generator') },
    workspace: { type: 'string' },
    quick: { type: 'boolean', default: false },
    'published-range': { type: 'boolean', default: false },
  },
});

/** The last snapshot of the published data, and the first day from which all three horizons have test months. */
const PUBLISHED_END = '2024-09-01';
const FULL_RANGE_END = '2024-12-01';

const customers = Number(values.customers);
const seed = Number(values.seed);

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

await run();

async function run(): Promise<void> {
  try {
    await access(values.facts);
  } catch {
    say(`There are no published facts in ${values.facts}: give their folder with --facts.`);
    process.exitCode = 2;
    return;
  }
  const root = values.workspace ?? (await mkdtemp(path.join(os.tmpdir(), 'holdfast-check-')));
  try {
    const result = await check(root);
    await mkdir(values.out, { recursive: true });
    await writeFile(path.join(values.out, 'report.html'), renderCheckReport(result));
    await writeFile(
      path.join(values.out, 'report.json'),
      `${JSON.stringify({ schema: 'holdfast.check-generator/1', ...result, figures: result.figures.map((entry) => ({ ...entry, met: isMet(entry) })) }, undefined, 1)}\n`,
    );
    printVerdict(result.figures);
    say(`The report is in ${values.out}.`);
  } finally {
    if (values.workspace === undefined) await rm(root, { recursive: true, force: true });
  }
}

async function check(root: string): Promise<CheckResult> {
  const facts = await readPublishedFacts(values.facts);
  const generated = await makeWorkspace(path.join(root, 'published'), PUBLISHED_END);
  // The tables of the published protocol are held in memory beside those of the workspace.
  await using context = await openWorkspace(path.join(root, 'published'), undefined, {
    'engine.memory_limit': '6GB',
  });
  const { engine, folders } = context;
  say('comparing with the published facts');
  await makeRawTables(engine, folders.landing, facts);
  await context.lake.attach([LABELS_TABLE]);
  await addOwnLabels(engine, LABELS_TABLE, labelColumn(30));
  const [usage] = await engine.rows(
    `SELECT count(*) AS n FROM read_parquet(${engine.literal(path.join(folders.landing, 'usage/*.parquet'))})`,
  );
  const figures: Figure[] = [];
  // Printed as they come: the models take far longer than all before them.
  const add = (found: readonly Figure[]): void => {
    figures.push(...found);
    printFigures(found);
  };
  add(generationFigures(generated));
  add(await compareCounts(engine, Number(usage?.['n'])));
  const distributions = await compareDistributions(engine, facts);
  add(distributions.figures);
  const baseRates = await compareBaseRates(engine);
  add(baseRates.figures);
  const rates = await compareConditionalRates(engine, facts);
  add(rates.figures);
  add(await compareCalls(engine, facts));
  add(await compareCategories(engine, facts));
  const before = await compareBeforeTheCease(engine, folders.landing);
  add(before.figures);
  if (!values.quick) await compareModels(context, root, add);
  return {
    customers,
    seed,
    figures,
    curves: distributions.curves,
    nodes: rates.nodes,
    months: baseRates.months,
    weeks: before.weeks,
  };
}

async function compareModels(
  context: Context,
  root: string,
  add: (figures: readonly Figure[]) => void,
): Promise<void> {
  say('training by the published protocol and by own rules');
  const published = {
    ...(await evaluatePublishedProtocol(context)),
    logistic: await evaluateLogistic(context.engine, 'published'),
  };
  const own = {
    ...(await evaluateOwnRules(context, 30)),
    logistic: await evaluateLogistic(context.engine, 'own'),
  };
  add(publishedModelFigures(published, own));
  if (values['published-range']) return;
  const full = path.join(root, 'full');
  await makeWorkspace(full, FULL_RANGE_END);
  await using fullContext = await openWorkspace(full);
  const horizons = [];
  for (const days of fullContext.pack.file.horizons) {
    say(`training ${String(days)} days on the full range`);
    horizons.push(await evaluateOwnRules(fullContext, days));
  }
  add(horizonFigures(horizons));
}

/** Generates into a workspace and builds it; one that is there already is taken as it is. */
async function makeWorkspace(workspace: string, to: string): Promise<PhaseFigures | undefined> {
  let generated: PhaseFigures | undefined;
  try {
    await access(path.join(workspace, 'landing', 'customer_info.parquet'));
  } catch {
    say(`generating ${String(customers)} customers to ${to}`);
    await mkdir(workspace, { recursive: true });
    generated = await runPhase('generate', { workspace, customers, to, seed });
  }
  say('building features and labels');
  await using context = await openWorkspace(workspace);
  const built = await runSteps(context, { from: 'ingest', to: 'build', command: 'check:generator' });
  say(`built in ${built.seconds.toFixed(0)} s`);
  return generated;
}

function generationFigures(generated: PhaseFigures | undefined): Figure[] {
  if (generated === undefined) return [];
  const documented = customers === 202_782;
  return [
    {
      group: 'Generation',
      name: 'seconds (the published range)',
      published: null,
      measured: generated.seconds,
      ...(documented ? { bar: { kind: 'at most', most: 60 } } : {}),
      unit: 'number',
    },
    {
      group: 'Generation',
      name: 'peak memory, GB',
      published: null,
      measured: generated.peak_memory_gb,
      bar: { kind: 'at most', most: 3 },
      unit: 'number',
    },
  ];
}

function printFigures(figures: readonly Figure[]): void {
  for (const entry of figures) {
    const met = isMet(entry);
    const verdict = met === null ? '      ' : met ? 'met   ' : 'MISSED';
    process.stdout.write(
      `${verdict}  ${`${entry.group}: ${entry.name}`.padEnd(78)} ${formatValue(entry.measured, entry.unit).padStart(12)}` +
        `  published ${formatValue(entry.published, entry.unit)}; own rules ${formatValue(entry.ownRules, entry.unit)}; bar ${describeBar(entry) || '—'}\n`,
    );
  }
}

function printVerdict(figures: readonly Figure[]): void {
  const barred = figures.filter(({ bar }) => bar !== undefined);
  const missed = barred.filter((entry) => isMet(entry) === false).length;
  process.stdout.write(`${String(barred.length - missed)} bars met, ${String(missed)} missed\n`);
  if (missed > 0) process.exitCode = 1;
}
