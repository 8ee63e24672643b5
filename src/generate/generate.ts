import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Engine, textOf, type Value } from '../engine/index.ts';
import { groupDigits, HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import { type GeneratorFacts, type GeneratorStep, readFacts, readSteps } from './steps.ts';

export interface GenerateOptions {
  /** The engine; a generator's SQL may be written for DuckDB alone. */
  readonly engine: Engine;
  /** Folder of the pack; its `generate` folder holds the SQL files and `facts.yaml`. */
  readonly packFolder: string;
  /** How many customers the delivered tables name, at least 100. */
  readonly customers: number;
  /** Any whole number; the same seed gives the same bytes. */
  readonly seed: number;
  /** First and last snapshot date, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** Folder for the files, created where missing. */
  readonly outDir: string;
  readonly progress?: Progress;
}

/** One file that a generator wrote. `path` is relative to the output folder, with `/`. */
export interface GeneratedFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface GenerateResult {
  readonly files: readonly GeneratedFile[];
}

const LEAST_CUSTOMERS = 100;
/** The fastest of the settings tried on 80 million rows, and the smallest file; filters took a third of the time. */
const PARQUET =
  'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false';

/**
 * Runs a pack's generator: its SQL files in the order of their names, with the options and the constants of
 * `facts.yaml` as engine variables and its tables as tables. Everything is made in a schema of its own that is
 * dropped at the end. Throws HF103 for options out of range, HF105 where the pack has no generator, HF404 where
 * the engine is not DuckDB, HF401 where a statement fails.
 */
export async function generate(options: GenerateOptions): Promise<GenerateResult> {
  checkOptions(options);
  const { engine } = options;
  if (engine.name !== 'duckdb')
    throw new HoldfastError('HF404', {
      message: `generators run on DuckDB, not on ${engine.name}`,
      hint: 'generate the data with the DuckDB engine and load the files',
    });
  const folder = path.join(options.packFolder, 'generate');
  const [steps, facts] = [await readSteps(folder), await readFacts(folder)];
  await mkdir(options.outDir, { recursive: true });
  const restore = await prepareEngine(engine);
  try {
    await defineFacts(engine, facts);
    const { customers, seed, from, to } = options;
    await setVariables(engine, { customers, seed, from, to });
    return { files: await runSteps(engine, steps, options) };
  } finally {
    await restore();
  }
}

function checkOptions(options: GenerateOptions): void {
  const refuse = (field: string, message: string, hint: string): never => {
    throw new HoldfastError('HF103', { message, hint, place: { field } });
  };
  if (!Number.isInteger(options.customers) || options.customers < LEAST_CUSTOMERS)
    refuse(
      'customers',
      `${String(options.customers)} customers are too few`,
      `ask for ${String(LEAST_CUSTOMERS)} or more`,
    );
  if (!Number.isSafeInteger(options.seed))
    refuse('seed', 'the seed is not a whole number', 'use a number such as 7');
  for (const field of ['from', 'to'] as const) {
    if (!/^\d{4}-\d{2}-01$/.test(options[field]) || Number.isNaN(Date.parse(options[field])))
      refuse(field, `${options[field]} is not the first day of a month`, 'write YYYY-MM-01');
  }
  if (options.from >= options.to)
    refuse(
      'to',
      `the last snapshot ${options.to} is not after the first ${options.from}`,
      'give a later date',
    );
}

/**
 * Sets what equal bytes depend on and returns the way back. Rows keep their order; with one thread DuckDB cuts
 * row groups by another rule than with several, hence at least two.
 */
async function prepareEngine(engine: Engine): Promise<() => Promise<void>> {
  const [before] = await engine.rows(
    "SELECT current_setting('threads')::INTEGER AS threads, current_setting('preserve_insertion_order')::BOOLEAN AS ordered",
  );
  const threads = Number(before?.['threads'] ?? 2);
  await engine.execute(
    `SET preserve_insertion_order = true; SET threads = ${String(Math.max(2, threads))}; ` +
      'CREATE OR REPLACE SCHEMA generator; USE generator;',
  );
  return () =>
    engine.execute(
      `USE main; DROP SCHEMA generator CASCADE; SET threads = ${String(threads)}; ` +
        `SET preserve_insertion_order = ${String(before?.['ordered'] === true)};`,
    );
}

async function defineFacts(engine: Engine, facts: GeneratorFacts): Promise<void> {
  await setVariables(engine, facts.constants);
  for (const [name, { columns, rows }] of Object.entries(facts.tables)) {
    const values = rows.map((row) => `(${row.map((value) => literalOf(engine, value)).join(', ')})`);
    const names = columns.map((column) => engine.identifier(column)).join(', ');
    await engine.execute(
      `CREATE TABLE ${engine.identifier(name)} AS SELECT * FROM (VALUES ${values.join(', ')}) AS facts(${names})`,
    );
  }
}

async function setVariables(engine: Engine, values: Readonly<Record<string, Value>>): Promise<void> {
  for (const [name, value] of Object.entries(values))
    await engine.execute(`SET VARIABLE ${engine.identifier(name)} = ${literalOf(engine, value)}`);
}

function literalOf(engine: Engine, value: Value): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `[${value.map((item: Value) => literalOf(engine, item)).join(', ')}]`;
  // Doubles throughout, so that a fact means the same whether it is written 1 or 1.0.
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : `${String(value)}::DOUBLE`;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return engine.literal(textOf(value));
}

async function runSteps(
  engine: Engine,
  steps: readonly GeneratorStep[],
  options: GenerateOptions,
): Promise<GeneratedFile[]> {
  const progress = options.progress ?? silentProgress;
  const files: GeneratedFile[] = [];
  const following = new Set(steps.flatMap((step) => step.followers));
  for (const step of steps) {
    if (following.has(step.name)) continue;
    const run = [step, ...step.followers.map((name) => followerOf(steps, step, name))];
    const turns = step.each === undefined ? [{}] : await engine.rows(step.each);
    const task = progress.start(step.name.replace(/^\d+-|\.sql$/g, ''), {
      total: turns.length,
      unit: 'turns',
    });
    let rows = 0;
    for (const [index, turn] of turns.entries()) {
      await setVariables(engine, turn);
      for (const part of run) {
        const file = await runStep(engine, part, turn, options.outDir);
        if (file === undefined) continue;
        files.push(file);
        rows += file.rows;
      }
      task.update(index + 1);
    }
    task.done(rows > 0 ? `${groupDigits(rows)} rows` : undefined);
  }
  return files;
}

function followerOf(steps: readonly GeneratorStep[], step: GeneratorStep, name: string): GeneratorStep {
  const follower = steps.find((candidate) => candidate.name === name);
  if (follower === undefined)
    throw new HoldfastError('HF402', {
      message: `@with names ${name}, which is not there`,
      hint: 'name a file of the same folder',
      place: { file: step.file },
    });
  return follower;
}

async function runStep(
  engine: Engine,
  step: GeneratorStep,
  turn: Readonly<Record<string, Value>>,
  outDir: string,
): Promise<GeneratedFile | undefined> {
  if (step.writes === undefined) {
    await engine.execute(step.sql);
    return undefined;
  }
  const relative = step.writes.replaceAll(/\{(\w+)\}/g, (_, name: string) => textOf(turn[name]));
  const target = path.join(outDir, relative);
  await mkdir(path.dirname(target), { recursive: true });
  const format = relative.endsWith('.csv') ? 'FORMAT csv, HEADER true' : PARQUET;
  const [written] = await engine.rows(`COPY (${step.sql}\n) TO ${engine.literal(target)} (${format})`);
  return { path: relative, rows: Number(written?.['Count'] ?? 0), bytes: (await stat(target)).size };
}
