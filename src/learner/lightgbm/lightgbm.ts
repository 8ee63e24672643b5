/**
 * LightGBM in the form of objects that are owned and released. All calls are synchronous and take as
 * long as the work takes: this file is for the learner's worker, and for single rows in any thread.
 */
import koffi from 'koffi';
import { HoldfastError } from '../../kernel/index.ts';
import type { FeatureMatrix } from '../learner.ts';
import { prepareNativeCalls } from '../native-calls.ts';
import {
  type BoosterHandle,
  type DatasetHandle,
  DataType,
  type FastConfigHandle,
  ImportanceType,
  type LightGbmBindings,
  loadBindings,
  type Memory,
  type Out,
  PredictType,
} from './bindings.ts';
import { LIGHTGBM, notUsable } from '../native-library.ts';
import type { Prediction } from '../backend.ts';

const COLUMN_MAJOR = 0;
/** Longest metric name that is read; LightGBM's own are below 40 bytes. */
const METRIC_NAME_BYTES = 256;

/** What a dataset is made of. Labels and weights have one value a row. */
export interface DatasetSource {
  /** Column-major doubles, in JavaScript's memory or at a native address. */
  readonly data: Float64Array | bigint;
  readonly rows: number;
  readonly featureNames: readonly string[];
  readonly labels: Float32Array;
  readonly weights: Float32Array | undefined;
}

/** The loaded library. */
export class LightGbm {
  readonly #bindings: LightGbmBindings;
  readonly #logCallback: bigint;

  /**
   * Loads the library into this thread.
   *
   * @throws HF501 when it does not load.
   */
  constructor(libraryPath: string) {
    prepareNativeCalls();
    try {
      this.#bindings = loadBindings(libraryPath);
    } catch (error) {
      throw notUsable(LIGHTGBM, libraryPath, error);
    }
    // Without a callback of this very thread the library prints to standard output, which belongs to
    // the command's own result. Nothing in those lines is news: failures come back as error texts.
    const type = koffi.pointer(koffi.proto('void', ['const char *']));
    this.#logCallback = koffi.register(() => undefined, type);
    this.#check(this.#bindings.LGBM_RegisterLogCallback(this.#logCallback));
  }

  /** Names of all parameters the library knows, each with the canonical name it stands for. */
  parameterNames(): Map<string, string> {
    const text = readText((capacity, length, out) => {
      this.#check(this.#bindings.LGBM_DumpParamAliases(capacity, length, out));
    });
    const aliases = JSON.parse(text) as Record<string, string[]>;
    return new Map(
      Object.entries(aliases).flatMap(([name, others]) =>
        [name, ...others].map((alias) => [alias, name] as const),
      ),
    );
  }

  /** Bins the values; `source.data` may be let go afterwards. `reference` gives its bins to this set. */
  createDataset(source: DatasetSource, parameters: string, reference?: Dataset): Dataset {
    const out: Out<DatasetHandle> = [null];
    this.#check(
      this.#bindings.LGBM_DatasetCreateFromMat(
        source.data,
        DataType.float64,
        source.rows,
        source.featureNames.length,
        COLUMN_MAJOR,
        parameters,
        reference?.handle ?? null,
        out,
      ),
    );
    const handle = received(out);
    const dataset = new Dataset(handle, () => this.#bindings.LGBM_DatasetFree(handle));
    try {
      this.#setField(handle, 'label', source.labels);
      if (source.weights !== undefined) this.#setField(handle, 'weight', source.weights);
      if (reference === undefined) {
        const names = source.featureNames;
        this.#check(this.#bindings.LGBM_DatasetSetFeatureNames(handle, names, names.length));
      }
    } catch (error) {
      dataset[Symbol.dispose]();
      throw error;
    }
    return dataset;
  }

  #setField(handle: DatasetHandle, name: string, values: Float32Array): void {
    this.#check(this.#bindings.LGBM_DatasetSetField(handle, name, values, values.length, DataType.float32));
  }

  /** Starts a booster on a dataset, which must outlive it. */
  createBooster(dataset: Dataset, parameters: string): Booster {
    const out: Out<BoosterHandle> = [null];
    this.#check(this.#bindings.LGBM_BoosterCreate(dataset.handle, parameters, out));
    return new Booster(this.#bindings, received(out));
  }

  /** Loads a model text, which the caller has validated: the library trusts what it reads. */
  loadBooster(modelText: string): Booster {
    const out: Out<BoosterHandle> = [null];
    const bytes = Buffer.from(`${modelText}\0`, 'utf8');
    this.#check(this.#bindings.LGBM_BoosterLoadModelFromString(bytes, [null], out));
    return new Booster(this.#bindings, received(out));
  }

  #check(status: number): void {
    checkStatus(this.#bindings, status);
  }
}

/** Binned training or validation data in the library's memory. */
export class Dataset implements Disposable {
  readonly handle: DatasetHandle;
  readonly #free: () => void;

  constructor(handle: DatasetHandle, free: () => void) {
    this.handle = handle;
    this.#free = free;
  }

  [Symbol.dispose](): void {
    this.#free();
  }
}

/** A model in the library's memory, growing or loaded. */
export class Booster implements Disposable {
  readonly #bindings: LightGbmBindings;
  readonly #handle: BoosterHandle;

  constructor(bindings: LightGbmBindings, handle: BoosterHandle) {
    this.#bindings = bindings;
    this.#handle = handle;
  }

  get features(): number {
    const out: Out<number> = [null];
    this.#check(this.#bindings.LGBM_BoosterGetNumFeature(this.#handle, out));
    return received(out);
  }

  /** Rounds so far. */
  get rounds(): number {
    const out: Out<number> = [null];
    this.#check(this.#bindings.LGBM_BoosterGetCurrentIteration(this.#handle, out));
    return received(out);
  }

  /** Adds a dataset to evaluate on, which must outlive the booster. */
  addValidation(dataset: Dataset): void {
    this.#check(this.#bindings.LGBM_BoosterAddValidData(this.#handle, dataset.handle));
  }

  /** Runs one boosting round. Returns false when no split was left to make. */
  update(): boolean {
    const producedEmptyTree: Out<number> = [null];
    this.#check(this.#bindings.LGBM_BoosterUpdateOneIter(this.#handle, producedEmptyTree));
    return received(producedEmptyTree) === 0;
  }

  /** Metrics in the order of the `metric` parameter. */
  metricNames(): string[] {
    const count: Out<number> = [null];
    this.#check(this.#bindings.LGBM_BoosterGetEvalCounts(this.#handle, count));
    const buffers = Array.from({ length: received(count) }, () => new Uint8Array(METRIC_NAME_BYTES));
    const addresses = BigUint64Array.from(buffers, (buffer) => koffi.address(buffer));
    const needed: Out<number | bigint> = [null];
    this.#check(
      this.#bindings.LGBM_BoosterGetEvalNames(
        this.#handle,
        buffers.length,
        [null],
        METRIC_NAME_BYTES,
        needed,
        addresses,
      ),
    );
    return buffers.map((buffer) => decode(buffer, buffer.indexOf(0)));
  }

  /** Value of each metric on the first validation dataset. */
  evaluate(metrics: number): Float64Array {
    const values = new Float64Array(metrics);
    this.#check(this.#bindings.LGBM_BoosterGetEval(this.#handle, 1, [null], values));
    return values;
  }

  /** The model text of the first `rounds` rounds, exactly as the library writes it. */
  toText(rounds: number): string {
    return readText((capacity, length, out) => {
      this.#check(
        this.#bindings.LGBM_BoosterSaveModelToString(
          this.#handle,
          0,
          rounds,
          ImportanceType.split,
          capacity,
          length,
          out,
        ),
      );
    });
  }

  /** Split gain of each feature, summed over the first `rounds` rounds. */
  gain(rounds: number): Float64Array {
    const values = new Float64Array(this.features);
    this.#check(
      this.#bindings.LGBM_BoosterFeatureImportance(this.#handle, rounds, ImportanceType.gain, values),
    );
    return values;
  }

  /**
   * What all rounds predict, row after row: one raw score, or one contribution a feature and the base. The
   * matrix must have the model's number of columns.
   */
  predict(what: Prediction, matrix: FeatureMatrix, threads: number): Float64Array {
    const [type, width] =
      what === 'raw' ? [PredictType.rawScore, 1] : [PredictType.contributions, matrix.columns + 1];
    const values = new Float64Array(matrix.rows * width);
    if (matrix.rows === 0) return values;
    this.#check(
      this.#bindings.LGBM_BoosterPredictForMat(
        this.#handle,
        matrix.data,
        DataType.float64,
        matrix.rows,
        matrix.columns,
        COLUMN_MAJOR,
        type,
        0,
        -1,
        `num_threads=${threads} verbosity=-1`,
        [null],
        values,
      ),
    );
    return values;
  }

  /** The booster made ready for raw scores of one row at a time; disposed before it. */
  rowPredictor(columns: number): RowPredictor {
    const out: Out<FastConfigHandle> = [null];
    this.#check(
      this.#bindings.LGBM_BoosterPredictForMatSingleRowFastInit(
        this.#handle,
        PredictType.rawScore,
        0,
        -1,
        DataType.float64,
        columns,
        'num_threads=1 verbosity=-1',
        out,
      ),
    );
    return new RowPredictor(this.#bindings, received(out));
  }

  [Symbol.dispose](): void {
    this.#bindings.LGBM_BoosterFree(this.#handle);
  }

  #check(status: number): void {
    checkStatus(this.#bindings, status);
  }
}

/** A booster that takes one row after the other, without anything to be set up or allocated for it. */
export class RowPredictor implements Disposable {
  readonly #bindings: LightGbmBindings;
  readonly #handle: FastConfigHandle;
  readonly #length = new BigInt64Array(1);
  readonly #result = new Float64Array(1);

  constructor(bindings: LightGbmBindings, handle: FastConfigHandle) {
    this.#bindings = bindings;
    this.#handle = handle;
  }

  /** The raw score of a row, which must have the number of values that the predictor was made for. */
  predict(row: Float64Array): number {
    checkStatus(
      this.#bindings,
      this.#bindings.LGBM_BoosterPredictForMatSingleRowFast(this.#handle, row, this.#length, this.#result),
    );
    return this.#result[0] as number;
  }

  [Symbol.dispose](): void {
    this.#bindings.LGBM_FastConfigFree(this.#handle);
  }
}

function checkStatus(bindings: LightGbmBindings, status: number): void {
  if (status === 0) return;
  throw new HoldfastError('HF502', { message: `LightGBM: ${bindings.LGBM_GetLastError().trim()}` });
}

function received<T>(out: Out<T>): T {
  const [value] = out;
  if (value === null) throw new HoldfastError('HF502', { message: 'LightGBM returned no value' });
  return value;
}

type TextReader = (capacity: number, length: Out<number | bigint>, out: Memory) => void;

/** Reads a text whose length is known only after the first try. The length counts the final NUL. */
function readText(read: TextReader): string {
  const length: Out<number | bigint> = [null];
  let buffer = new Uint8Array(1 << 20);
  read(buffer.length, length, buffer);
  if (Number(received(length)) > buffer.length) {
    buffer = new Uint8Array(Number(received(length)));
    read(buffer.length, length, buffer);
  }
  return decode(buffer, Number(received(length)) - 1);
}

function decode(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8');
}
