/** One thread's use of a compiled model: its own working memory beside the tables that all share. */
import type { FeatureMatrix } from '../learner.ts';
import { kernelName, prepareSlots, type TreeKernel } from './kernel.ts';
import { DOUBLE_BYTES, LANES, VECTOR_BYTES } from './layout.ts';
import type { Program } from './program.ts';
import { readRows } from './readings.ts';
import { webAssembly, type WasmMemory, type WasmModule } from './web-assembly.ts';

/** Rows that a tree is applied to at a time: few enough for their sums to stay in the nearest cache. */
export const BLOCK_ROWS = 64;

/** Rows of a matrix to explain and where the results go: `features + 1` numbers a row, the base last. */
export interface RowsTask {
  readonly matrix: FeatureMatrix;
  /** Row indexes; undefined means all rows of the matrix. */
  readonly rows: Uint32Array | undefined;
  readonly out: Float64Array;
}

/** A compiled model and what a thread needs to run it; the parts can be sent to a worker. */
export interface RunnerParts {
  readonly program: Program;
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** Address of this thread's working memory. */
  readonly working: number;
}

/** Sizes of a thread's working memory: readings and sums of a block of rows, then the slots. */
interface WorkingSizes {
  readonly rowReadings: number;
  readonly readings: number;
  readonly rowSums: number;
  readonly sums: number;
}

function workingSizes(program: Program): WorkingSizes {
  const rowReadings = program.readings.length * DOUBLE_BYTES;
  // One vector a feature, and one for what the roots hand up.
  const rowSums = (program.features + 1) * VECTOR_BYTES;
  const readings = Math.ceil((BLOCK_ROWS * rowReadings) / VECTOR_BYTES) * VECTOR_BYTES;
  return { rowReadings, readings, rowSums, sums: BLOCK_ROWS * rowSums };
}

/** Bytes of working memory that each thread needs. */
export function workingBytes(program: Program): number {
  const { readings, sums } = workingSizes(program);
  return readings + sums + program.slotBytes;
}

export class Runner {
  readonly #program: Program;
  readonly #memory: ArrayBufferLike;
  readonly #kernels: Readonly<Record<string, TreeKernel>>;
  readonly #sizes: WorkingSizes;
  readonly #working: number;
  readonly #readings: Float64Array;
  readonly #sums: Float64Array;

  constructor({ program, module, memory, working }: RunnerParts) {
    this.#program = program;
    this.#memory = memory.buffer;
    this.#kernels = new webAssembly.Instance(module, { host: { memory } }).exports as Record<
      string,
      TreeKernel
    >;
    this.#sizes = workingSizes(program);
    this.#working = working;
    const { readings, sums } = this.#sizes;
    this.#readings = new Float64Array(this.#memory, working, readings / DOUBLE_BYTES);
    this.#sums = new Float64Array(this.#memory, working + readings, sums / DOUBLE_BYTES);
  }

  /** Explains the places `from` to `to` (at most BLOCK_ROWS of them) of a task. */
  run({ matrix, rows, out }: RowsTask, from: number, to: number): void {
    const rowAt = rows === undefined ? (place: number) => place : (place: number) => rows[place] as number;
    readRows(matrix, this.#program.readings, { from, to, rowAt }, this.#readings);
    this.#sums.fill(0);
    this.#applyTrees(to - from);
    const { features, base } = this.#program;
    for (let place = from; place < to; place++) {
      const start = (place - from) * (features + 1) * LANES;
      const outStart = place * (features + 1);
      for (let feature = 0; feature < features; feature++) {
        const at = start + feature * LANES;
        out[outStart + feature] = (this.#sums[at] as number) + (this.#sums[at + 1] as number);
      }
      out[outStart + features] = base;
    }
  }

  #applyTrees(rows: number): void {
    const { rowReadings, readings, rowSums, sums } = this.#sizes;
    const sumsAt = this.#working + readings;
    const slots = sumsAt + sums;
    let prepared = 0;
    for (const { vectors, nodes, inner, outer } of this.#program.trees) {
      if (vectors !== prepared) {
        prepareSlots(this.#memory, slots, vectors);
        prepared = vectors;
      }
      const kernel = this.#kernels[kernelName(vectors)] as TreeKernel;
      kernel(nodes, inner, outer, rows, this.#working, rowReadings, sumsAt, rowSums, slots);
    }
  }
}
