/** The phases of the scale benchmark, each run in a process of its own so that its peak memory is its own. */
import { readFile, writeFile } from 'node:fs/promises';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Engine, openDuckDb, type ReadFile, type WriteOptions } from '../src/engine/index.ts';
import { generate } from '../src/generate/index.ts';
import { fitEncoding } from '../src/model/index.ts';
import { labelColumn, splitColumn, TRAINING_TABLE } from '../src/prepare/index.ts';
import { loadTrainingMatrix } from '../src/train/index.ts';
import { runSteps, type StepName } from '../src/workflow/index.ts';
import { bareTraining } from './bare-training.ts';
import { openWorkspace, settleWorkspace } from './open-workspace.ts';

export interface PhaseOptions {
  readonly workspace: string;
  readonly customers: number;
  readonly to: string;
  /** Of the generator. */
  readonly seed: number;
}

export type PhaseResult = Readonly<Record<string, unknown>>;

/** A statement of the job, as the floor repeats it. */
type Statement =
  | { readonly kind: 'execute'; readonly sql: string }
  | { readonly kind: 'view'; readonly arguments: Parameters<Engine['defineView']> }
  | { readonly kind: 'write'; readonly select: string; readonly partitionBy: readonly string[] };

const STATEMENTS = 'statements.json';

export const PHASES = {
  async generate({ workspace, customers, to, seed }: PhaseOptions): Promise<PhaseResult> {
    await using context = await openWorkspace(workspace);
    const { engine, folders, pack } = context;
    const started = performance.now();
    const { files } = await generate({
      engine,
      packFolder: pack.folder,
      customers,
      seed,
      from: '2022-08-01',
      to,
      outDir: folders.landing,
    });
    return { seconds: since(started), rows: files.reduce((sum, { rows }) => sum + rows, 0) };
  },

  /** Raw files to the training set, with every statement noted for the floor. */
  async build(options: PhaseOptions): Promise<PhaseResult> {
    const statements: Statement[] = [];
    await using context = await openWorkspace(options.workspace, {
      openEngine: async (engineOptions) => recording(await openDuckDb(engineOptions), statements),
    });
    const started = performance.now();
    const { steps } = await runSteps(context, { from: 'ingest', to: 'build', command: 'bench' });
    const seconds = since(started);
    await writeFile(path.join(options.workspace, STATEMENTS), JSON.stringify(statements));
    return { seconds, steps: steps.map(({ step, seconds: taken }) => ({ step, seconds: taken })) };
  },

  async train({ workspace }: PhaseOptions): Promise<PhaseResult> {
    return step(workspace, 'train');
  },

  async score({ workspace }: PhaseOptions): Promise<PhaseResult> {
    const scored = await step(workspace, 'score', 'lists');
    return scored;
  },

  /** The same SQL, in bare DuckDB, writing the same Parquet. */
  async floorSql({ workspace }: PhaseOptions): Promise<PhaseResult> {
    const statements = JSON.parse(await readFile(path.join(workspace, STATEMENTS), 'utf8')) as Statement[];
    const { config } = await settleWorkspace(workspace);
    const folder = path.join(workspace, 'floor');
    rmSync(folder, { recursive: true, force: true });
    await using engine = await openDuckDb({
      memoryLimit: config.engine.memory_limit,
      temporaryFolder: path.join(workspace, 'temporary'),
    });
    const started = performance.now();
    for (const [index, statement] of statements.entries()) {
      if (statement.kind === 'execute') await engine.execute(statement.sql);
      else if (statement.kind === 'view') await engine.defineView(...statement.arguments);
      else await bareWrite(engine, statement, path.join(folder, String(index)));
    }
    const seconds = since(started);
    rmSync(folder, { recursive: true, force: true });
    return { seconds };
  },

  /** The same training in a bare loop of C calls: same rows, rounds and evaluation. */
  async floorTrain({ workspace }: PhaseOptions): Promise<PhaseResult> {
    await using context = await openWorkspace(workspace);
    const { engine, lake, folders, pack, config } = context;
    await lake.attach([TRAINING_TABLE]);
    const { horizons } = pack.file;
    const started = performance.now();
    const where = horizons.map((days) => `${splitColumn(days)} = 'train'`).join(' OR ');
    const encoding = await fitEncoding(engine, pack, TRAINING_TABLE, where);
    const matrix = await loadTrainingMatrix(
      engine,
      encoding,
      TRAINING_TABLE,
      pack.file.entity.key,
      horizons.map((days) => ({ days, label: labelColumn(days), split: splitColumn(days) })),
    );
    const loaded = since(started);
    const trained = await bareTraining(matrix, folders.models, config.learner.library);
    return { seconds: since(started), load_seconds: loaded, horizons: trained };
  },
} as const;

export type PhaseName = keyof typeof PHASES;

async function step(workspace: string, from: StepName, to: StepName = from): Promise<PhaseResult> {
  await using context = await openWorkspace(workspace);
  const started = performance.now();
  const { steps } = await runSteps(context, { from, to, retrain: true, command: 'bench' });
  return { seconds: since(started), steps: steps.map(({ summary, result }) => ({ summary, result })) };
}

const since = (started: number): number => Math.round(performance.now() - started) / 1000;

/** Notes what makes tables; checks, counts and the quality log are what the floor does without. */
function recording(engine: Engine, statements: Statement[]): Engine {
  return new Proxy(engine, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (typeof member !== 'function') return member;
      return (...passed: unknown[]): unknown => {
        if (property === 'writeParquet') {
          const [select, , options] = passed as [string, string, WriteOptions | undefined];
          if (!select.includes('holdfast_q'))
            statements.push({ kind: 'write', select, partitionBy: options?.partitionBy ?? [] });
        } else if (property === 'defineView') {
          const [name, files, columns, partitions] = passed as Parameters<Engine['defineView']>;
          if (!name.startsWith('staged.'))
            statements.push({
              kind: 'view',
              arguments: [name, files satisfies readonly ReadFile[], columns, partitions],
            });
        } else if (
          property === 'execute' &&
          / VIEW | SCHEMA | holdfast_(entities|spine)/.test(String(passed[0]))
        ) {
          statements.push({ kind: 'execute', sql: String(passed[0]) });
        }
        return member.apply(target, passed) as unknown;
      };
    },
  });
}

async function bareWrite(
  engine: Engine,
  { select, partitionBy }: Extract<Statement, { kind: 'write' }>,
  folder: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const partition =
    partitionBy.length > 0
      ? `, PARTITION_BY (${partitionBy.join(', ')}), OVERWRITE_OR_IGNORE`
      : ', FILE_SIZE_BYTES 1000000000';
  await engine.execute(
    `COPY (${select}\n) TO ${engine.literal(folder)} (FORMAT parquet, COMPRESSION snappy${partition})`,
  );
}
