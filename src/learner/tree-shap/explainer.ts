import { availableParallelism } from 'node:os';
import type { FeatureMatrix } from '../learner.ts';
import { type LightGbmOptions, parseModelText } from '../lightgbm/index.ts';
import { checkMatrix, toShared } from '../matrix.ts';
import { kernelModule } from './kernel.ts';
import { openLibraryExplainer } from './library-explainer.ts';
import { planProgram, type ProgramPlan, writeProgram } from './program.ts';
import { checkRows } from './row-indexes.ts';
import { Runner, type RunnerParts, workingBytes } from './runner.ts';
import { Threads } from './threads.ts';
import { webAssembly } from './web-assembly.ts';

const PAGE_BYTES = 65_536;

/** Shapley values of rows, in the unit of the raw score (log-odds before calibration). */
export interface Contributions {
  readonly rows: number;
  /** Numbers a row: one a feature, then the base, the mean raw score of the training rows. */
  readonly columns: number;
  /** Row after row (unlike a FeatureMatrix). The numbers of a row add up to its raw score. */
  readonly values: Float64Array;
}

/** Says how much each feature gave to the raw score of a row. */
export interface Explainer extends AsyncDisposable {
  readonly features: number;
  /** `library` where the trees are beyond what the kernel is made for; slower, and the same numbers. */
  readonly method: 'kernel' | 'library';
  /**
   * Contributions to the rows of a matrix, or to those of `rows` in their order. Runs in other threads.
   *
   * @throws HF504 when the matrix does not have the model's features; HF207 for a row outside of it;
   *   HF502 when the explainer is closed.
   */
  contributions(matrix: FeatureMatrix, rows?: Uint32Array): Promise<Contributions>;
  /**
   * Contributions to one row, `features` values with NaN for missing: `features + 1` numbers, the base
   * last. Computed at once, in this thread, in a fraction of a millisecond; only an explainer whose method
   * is `library` answers with a promise.
   *
   * @throws HF504 when there is not one value a feature.
   */
  contributionsOfRow(values: Float64Array): Float64Array | Promise<Float64Array>;
}

/**
 * Opens an explainer for a model text: exact path-dependent Shapley values, as the library's own
 * `predict_contrib` gives (see `program.ts` for the method). The caller disposes it. Models with a path of
 * more than 64 distinct features are explained by the library itself, and so are those whose tables would
 * take more than a gibibyte (a model of 200 trees of 63 leaves and depth 7 takes 5.5 megabytes).
 *
 * `options.threads` is the number of worker threads for `contributions`, by default what the machine has;
 * the results do not depend on it. `options.libraryPath` is for models that the library explains.
 *
 * @throws HF503 when the text is not a usable model; HF501 when the library is needed and missing.
 */
export async function openExplainer(modelText: string, options: LightGbmOptions = {}): Promise<Explainer> {
  const plan = planProgram(parseModelText(modelText));
  if (plan === undefined) return openLibraryExplainer(modelText, options);
  const wanted = options.threads ?? 0;
  return new KernelExplainer(await prepare(plan, wanted > 0 ? wanted : availableParallelism()));
}

/** The parts of each thread: this one first, then the workers. */
async function prepare(plan: ProgramPlan, workers: number): Promise<[RunnerParts, ...RunnerParts[]]> {
  const { program } = plan;
  const working = workingBytes(program);
  const pages = Math.ceil((program.bytes + (workers + 1) * working) / PAGE_BYTES);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  writeProgram(plan, memory.buffer);
  const vectors = [...new Set(program.trees.map((tree) => tree.vectors))];
  const module = await webAssembly.compile(kernelModule(vectors, pages));
  const partsOf = (thread: number): RunnerParts => ({
    program,
    module,
    memory,
    working: program.bytes + thread * working,
  });
  return [partsOf(0), ...Array.from({ length: workers }, (_, worker) => partsOf(worker + 1))];
}

class KernelExplainer implements Explainer {
  readonly method = 'kernel';
  readonly features: number;
  readonly #runner: Runner;
  readonly #threads: Threads;

  constructor([own, ...workers]: readonly [RunnerParts, ...RunnerParts[]]) {
    this.features = own.program.features;
    this.#runner = new Runner(own);
    this.#threads = new Threads(workers);
  }

  async contributions(matrix: FeatureMatrix, rows?: Uint32Array): Promise<Contributions> {
    checkMatrix(matrix, this.features);
    if (rows !== undefined) checkRows(rows, matrix);
    const places = rows?.length ?? matrix.rows;
    const columns = this.features + 1;
    const values = new Float64Array(new SharedArrayBuffer(places * columns * Float64Array.BYTES_PER_ELEMENT));
    const task = {
      matrix: { ...matrix, data: toShared(matrix.data) },
      rows: rows === undefined ? undefined : toShared(rows),
      out: values,
    };
    await this.#threads.run(task, places);
    return { rows: places, columns, values };
  }

  contributionsOfRow(values: Float64Array): Float64Array {
    const matrix = { rows: 1, columns: values.length, data: values };
    checkMatrix(matrix, this.features);
    const out = new Float64Array(this.features + 1);
    this.#runner.run({ matrix, rows: undefined, out }, 0, 1);
    return out;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads.close();
  }
}
