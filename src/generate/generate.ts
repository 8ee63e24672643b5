import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Engine, type Row, textOf, type Value } from '../engine/index.ts';
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
    await defineTables(engine, facts);
    const { customers, seed, from, to } = options;
    const run: GeneratorRun = {
      steps,
      outDir: options.outDir,
      variables: { ...facts.constants, customers, seed, from, to },
      progress: options.progress ?? silentProgress,
    };
    await setVariables(engine, run.variables);
    return { files: await runSteps(engine, run) };
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

async function defineTables(engine: Engine, facts: GeneratorFacts): Promise<void> {
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

/** What all steps of one generation share. */
interface GeneratorRun {
  readonly steps: readonly GeneratorStep[];
  readonly outDir: string;
  /** Constants of the facts and the options: variables of every session. */
  readonly variables: Readonly<Record<string, Value>>;
  readonly progress: Progress;
}

async function runSteps(engine: Engine, run: GeneratorRun): Promise<GeneratedFile[]> {
  const { steps } = run;
  const files: GeneratedFile[] = [];
  const following = new Set(steps.flatMap((step) => step.followers));
  for (const step of steps) {
    if (following.has(step.name)) continue;
    const parts = [step, ...step.followers.map((name) => followerOf(steps, step, name))];
    const turns = step.each === undefined ? [{}] : await engine.rows(step.each);
    const task = run.progress.start(step.name.replace(/^\d+-|\.sql$/g, ''), {
      total: turns.length,
      unit: 'turns',
    });
    let done = 0;
    const runTurn = async (session: Engine, turn: Row): Promise<GeneratedFile[]> => {
      await setVariables(session, turn);
      const written: GeneratedFile[] = [];
      for (const part of parts) written.push(...(await runStep(session, part, turn, run.outDir)));
      task.update(++done);
      return written;
    };
    const written = step.apart
      ? await runApart(engine, run, turns, runTurn)
      : await runInTurn(engine, turns, runTurn);
    files.push(...written);
    const rows = written.reduce((sum, file) => sum + file.rows, 0);
    task.done(rows > 0 ? `${groupDigits(rows)} rows` : undefined);
  }
  return files;
}

type RunTurn = (session: Engine, turn: Row) => Promise<GeneratedFile[]>;

async function runInTurn(engine: Engine, turns: readonly Row[], runTurn: RunTurn): Promise<GeneratedFile[]> {
  const files: GeneratedFile[] = [];
  for (const turn of turns) files.push(...(await runTurn(engine, turn)));
  return files;
}

/**
 * A file that one thread writes goes straight to disk; several threads that keep the order hold every row group
 * back first, which costs half as much again. So each turn has one thread, and as many turns run as there were
 * threads: the setting counts the threads beside those that run statements.
 */
async function runApart(
  engine: Engine,
  { variables }: GeneratorRun,
  turns: readonly Row[],
  runTurn: RunTurn,
): Promise<GeneratedFile[]> {
  const [setting] = await engine.rows("SELECT current_setting('threads')::INTEGER AS threads");
  const threads = Number(setting?.['threads'] ?? 1);
  await engine.execute('SET threads = 1');
  const written: GeneratedFile[][] = [];
  const waiting = turns.entries();
  try {
    const lanes = Array.from({ length: Math.min(threads, turns.length) }, async () => {
      await using session = await engine.session();
      await session.execute('USE generator');
      await setVariables(session, variables);
      for (const [index, turn] of waiting) written[index] = await runTurn(session, turn);
    });
    // All lanes have ended before the tables they read are dropped.
    const ended = await Promise.allSettled(lanes);
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason as Error;
  } finally {
    await engine.execute(`SET threads = ${String(threads)}`);
  }
  return written.flat();
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
  turn: Row,
  outDir: string,
): Promise<GeneratedFile[]> {
  if (step.writes === undefined) {
    await engine.execute(step.sql);
    return [];
  }
  const relative = step.writes.replaceAll(/\{(\w+)\}/g, (_, name: string) => textOf(turn[name]));
  const target = path.join(outDir, relative);
  await mkdir(path.dirname(target), { recursive: true });
  const format = relative.endsWith('.csv') ? 'FORMAT csv, HEADER true' : PARQUET;
  const [written] = await engine.rows(`COPY (${step.sql}\n) TO ${engine.literal(target)} (${format})`);
  return [{ path: relative, rows: Number(written?.['Count'] ?? 0), bytes: (await stat(target)).size }];
}
