/**
 * XGBoost in the form of objects that are owned and released. All calls are synchronous and take as
 * long as the work takes: this file is for the learner's worker.
 */
import koffi from 'koffi';
import { HoldfastError } from '../../kernel/index.ts';
import { notUsable, XGBOOST } from '../native-library.ts';
import { prepareNativeCalls } from '../native-calls.ts';
import {
  type BoosterHandle,
  type LibraryMemory,
  loadBindings,
  type MatrixHandle,
  type Out,
  PredictType,
  type XgboostBindings,
} from './bindings.ts';
import { describe, type RowBlock } from './row-block.ts';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** The library's configurations are JSON in which it also reads NaN. */
const MISSING = '"missing":NaN';

/** What belongs to the rows of a data matrix. Labels and weights have one value a row. */
export interface MatrixInfo {
  readonly featureNames: readonly string[];
  readonly categorical: readonly number[];
  readonly labels?: Float32Array;
  readonly weights?: Float32Array | undefined;
}

/** The loaded library. */
export class Xgboost {
  readonly #bindings: XgboostBindings;
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
      throw notUsable(XGBOOST, libraryPath, error);
    }
    // Without a callback of this very thread the library prints to standard error, which belongs to
    // the command. Nothing in those lines is news: failures come back as error texts.
    const type = koffi.pointer(koffi.proto('void', ['const char *']));
    this.#logCallback = koffi.register(() => undefined, type);
    this.#check(this.#bindings.XGBRegisterLogCallback(this.#logCallback));
  }

  /** Copies rows into the library's memory; `block` may be let go afterwards. */
  createMatrix(block: RowBlock, info: MatrixInfo, threads: number): DataMatrix {
    const out: Out<MatrixHandle> = [null];
    const config = `{${MISSING},"nthread":${threads}}`;
    this.#check(this.#bindings.XGDMatrixCreateFromDense(block.description, config, out));
    const handle = received(out);
    const matrix = new DataMatrix(handle, () => this.#bindings.XGDMatrixFree(handle));
    try {
      const names = info.featureNames;
      const types = featureTypes(info);
      this.#check(this.#bindings.XGDMatrixSetStrFeatureInfo(handle, 'feature_name', names, names.length));
      this.#check(this.#bindings.XGDMatrixSetStrFeatureInfo(handle, 'feature_type', types, types.length));
      if (info.labels !== undefined) this.#setInfo(handle, 'label', info.labels);
      if (info.weights !== undefined) this.#setInfo(handle, 'weight', info.weights);
    } catch (error) {
      matrix[Symbol.dispose]();
      throw error;
    }
    return matrix;
  }

  /** The library copies the values; they lie in native memory for as long as that takes. */
  #setInfo(handle: MatrixHandle, field: string, values: Float32Array): void {
    const address = koffi.alloc('float', values.length) as bigint;
    try {
      new Float32Array(koffi.view(address, values.length * FLOAT_BYTES)).set(values);
      const description = describe(address, [values.length]);
      this.#check(this.#bindings.XGDMatrixSetInfoFromInterface(handle, field, description));
    } finally {
      koffi.free(address);
    }
  }

  /** Starts a booster that trains on the first matrix and may be evaluated on the others. */
  createBooster(matrices: readonly DataMatrix[], parameters: Iterable<readonly [string, string]>): Booster {
    const out: Out<BoosterHandle> = [null];
    const handles = BigUint64Array.from(matrices, ({ handle }) => handle);
    this.#check(this.#bindings.XGBoosterCreate(handles, handles.length, out));
    const booster = new Booster(this.#bindings, received(out));
    try {
      for (const [name, value] of parameters) booster.setParameter(name, value);
    } catch (error) {
      booster[Symbol.dispose]();
      throw error;
    }
    return booster;
  }

  /** Loads a model text, which the caller has validated: the library trusts what it reads. */
  loadBooster(modelText: string): Booster {
    const out: Out<BoosterHandle> = [null];
    this.#check(this.#bindings.XGBoosterCreate(null, 0, out));
    const handle = received(out);
    const bytes = Buffer.from(modelText, 'utf8');
    const booster = new Booster(this.#bindings, handle);
    try {
      this.#check(this.#bindings.XGBoosterLoadModelFromBuffer(handle, bytes, bytes.length));
    } catch (error) {
      booster[Symbol.dispose]();
      throw error;
    }
    return booster;
  }

  #check(status: number): void {
    checkStatus(this.#bindings, status);
  }
}

/** Training or other rows in the library's memory. */
export class DataMatrix implements Disposable {
  readonly handle: MatrixHandle;
  readonly #free: () => void;

  constructor(handle: MatrixHandle, free: () => void) {
    this.handle = handle;
    this.#free = free;
  }

  [Symbol.dispose](): void {
    this.#free();
  }
}

/** A model in the library's memory, growing or loaded. */
export class Booster implements Disposable {
  readonly #bindings: XgboostBindings;
  readonly #handle: BoosterHandle;

  constructor(bindings: XgboostBindings, handle: BoosterHandle) {
    this.#bindings = bindings;
    this.#handle = handle;
  }

  setParameter(name: string, value: string): void {
    this.#check(this.#bindings.XGBoosterSetParam(this.#handle, name, value));
  }

  /** Stores a text in the model under a name. */
  setAttribute(name: string, value: string): void {
    this.#check(this.#bindings.XGBoosterSetAttr(this.#handle, name, value));
  }

  /** Names the features and says which are categorical, as a data matrix does. */
  describeFeatures(info: Pick<MatrixInfo, 'featureNames' | 'categorical'>): void {
    for (const [field, values] of [
      ['feature_name', info.featureNames],
      ['feature_type', featureTypes(info)],
    ] as const) {
      this.#check(this.#bindings.XGBoosterSetStrFeatureInfo(this.#handle, field, values, values.length));
    }
  }

  /** Runs one boosting round; `round` counts from 0. */
  update(round: number, matrix: DataMatrix): void {
    this.#check(this.#bindings.XGBoosterUpdateOneIter(this.#handle, round, matrix.handle));
  }

  /** Metrics on a matrix, in the order of the `eval_metric` parameters. */
  evaluate(round: number, matrix: DataMatrix): { readonly name: string; readonly value: number }[] {
    const out: Out<string> = [null];
    const handles = BigUint64Array.of(matrix.handle);
    this.#check(this.#bindings.XGBoosterEvalOneIter(this.#handle, round, handles, ['stop'], 1, out));
    return received(out)
      .split('\t')
      .slice(1)
      .map((part) => {
        const at = part.lastIndexOf(':');
        return { name: part.slice('stop-'.length, at), value: Number(part.slice(at + 1)) };
      });
  }

  /** A model of the first `rounds` rounds alone, which has forgotten its features' names and types. */
  slice(rounds: number): Booster {
    const out: Out<BoosterHandle> = [null];
    this.#check(this.#bindings.XGBoosterSlice(this.#handle, 0, rounds, 1, out));
    return new Booster(this.#bindings, received(out));
  }

  /** The model as JSON, exactly as the library writes it. */
  toText(): string {
    const length: Out<number | bigint> = [null];
    const out: Out<LibraryMemory> = [null];
    this.#check(this.#bindings.XGBoosterSaveModelToBuffer(this.#handle, '{"format":"json"}', length, out));
    return Buffer.from(koffi.view(received(out), Number(received(length)))).toString('utf8');
  }

  /** Raw scores (log-odds), one a row. */
  predictMargins(block: RowBlock, threads: number): Float32Array {
    this.setParameter('nthread', String(threads));
    const config = `{${predictConfig(PredictType.margin)},${MISSING},"cache_id":0}`;
    return this.#read(block.rows, (shape, dimensions, result) =>
      this.#bindings.XGBoosterPredictFromDense(
        this.#handle,
        block.description,
        config,
        null,
        shape,
        dimensions,
        result,
      ),
    );
  }

  /** Contributions of the features and then the base, row after row. */
  predictContributions(matrix: DataMatrix, rows: number, columns: number, threads: number): Float32Array {
    this.setParameter('nthread', String(threads));
    const config = `{${predictConfig(PredictType.contributions)}}`;
    return this.#read(rows * (columns + 1), (shape, dimensions, result) =>
      this.#bindings.XGBoosterPredictFromDMatrix(
        this.#handle,
        matrix.handle,
        config,
        shape,
        dimensions,
        result,
      ),
    );
  }

  /** Copies what a prediction left in the library's memory. */
  #read(
    length: number,
    predict: (
      shape: Out<LibraryMemory>,
      dimensions: Out<number | bigint>,
      result: Out<LibraryMemory>,
    ) => number,
  ): Float32Array {
    const result: Out<LibraryMemory> = [null];
    this.#check(predict([null], [null], result));
    return new Float32Array(koffi.view(received(result), length * FLOAT_BYTES).slice(0));
  }

  [Symbol.dispose](): void {
    this.#bindings.XGBoosterFree(this.#handle);
  }

  #check(status: number): void {
    checkStatus(this.#bindings, status);
  }
}

const featureTypes = ({
  featureNames,
  categorical,
}: Pick<MatrixInfo, 'featureNames' | 'categorical'>): string[] =>
  featureNames.map((_, column) => (categorical.includes(column) ? 'c' : 'float'));

const predictConfig = (type: number): string =>
  `"type":${type},"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false`;

function checkStatus(bindings: XgboostBindings, status: number): void {
  if (status === 0) return;
  throw new HoldfastError('HF502', { message: `XGBoost: ${firstLine(bindings.XGBGetLastError())}` });
}

/** The library puts a stack trace behind what it has to say. */
function firstLine(text: string): string {
  const [line = ''] = text.replace(/^\[[\d:]+\] /, '').split('\n');
  return line.trim();
}

function received<T>(out: Out<T>): T {
  const [value] = out;
  if (value === null) throw new HoldfastError('HF502', { message: 'XGBoost returned no value' });
  return value;
}
