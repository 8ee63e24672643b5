/** Contributions by the kernel: in worker threads for many rows, in this thread for one. */
import { setImmediate } from 'node:timers/promises';
import type { FeatureMatrix } from '../learner.ts';
import { checkMatrix, toShared } from '../matrix.ts';
import type { Contributions, Explainer } from './explainer.ts';
import { kernelModule } from './kernel.ts';
import { type ProgramPlan, writeProgram } from './program.ts';
import { checkRows } from './row-indexes.ts';
import { Runner, type RunnerParts, workingBytes } from './runner.ts';
import { Threads } from './threads.ts';
import { webAssembly } from './web-assembly.ts';

const PAGE_BYTES = 65_536;
/** Trees whose tables are written in some milliseconds. */
const TREES_AT_ONCE = 32;

/** Compiles a planned model for the calling thread, or the one that it is sent to, and so many workers. */
export async function prepareKernel(plan: ProgramPlan, workers: number): Promise<KernelParts> {
  const { program } = plan;
  const working = workingBytes(program);
  const pages = Math.ceil((program.bytes + (workers + 1) * working) / PAGE_BYTES);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  for (let from = 0; from < program.trees.length; from += TREES_AT_ONCE) {
    writeProgram(plan, memory.buffer, from, from + TREES_AT_ONCE);
    // A server answers in between.
    await setImmediate();
  }
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

/** Compiles a planned model and shares it with so many workers, which start when there is work. */
export async function openKernelExplainer(plan: ProgramPlan, workers: number): Promise<KernelExplainer> {
  return new KernelExplainer(await prepareKernel(plan, workers));
}

/** Explains one row after the other at once, and many in worker threads. */
export type RowKernel = KernelExplainer;

/** What `prepareKernel` made: of the thread that explains row after row, and of the workers. */
export type KernelParts = readonly [RunnerParts, ...RunnerParts[]];

/** What `prepareKernel` made, here or in another thread, put to work in the calling one. */
export const kernelRowsOf = (parts: KernelParts): RowKernel => new KernelExplainer(parts);

function contributionsOfRow(runner: Runner, features: number, values: Float64Array): Float64Array {
  const matrix = { rows: 1, columns: values.length, data: values };
  checkMatrix(matrix, features);
  const out = new Float64Array(features + 1);
  runner.run({ matrix, rows: undefined, out }, 0, 1);
  return out;
}

class KernelExplainer implements Explainer {
  readonly method = 'kernel';
  readonly precision = 'double';
  readonly features: number;
  readonly #runner: Runner;
  readonly #threads: Threads;

  constructor([own, ...workers]: KernelParts) {
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
    return contributionsOfRow(this.#runner, this.features, values);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#threads.close();
  }
}
