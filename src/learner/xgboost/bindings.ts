/**
 * XGBoost's C interface, one to one: the functions Holdfast calls, with the names, order and types of
 * the library's `c_api.h`. Nothing is interpreted here; `xgboost.ts` gives it a form people use.
 *
 * Only synchronous calls are offered, as with LightGBM. What the library returns by address belongs to
 * it and lives until the next call: callers copy it at once.
 */
import koffi from 'koffi';

declare const matrixBrand: unique symbol;
declare const boosterBrand: unique symbol;
declare const memoryBrand: unique symbol;

/** Address of a native data matrix. */
export type MatrixHandle = bigint & { readonly [matrixBrand]: true };
/** Address of a native booster. */
export type BoosterHandle = bigint & { readonly [boosterBrand]: true };
/** Address of memory that the library owns. */
export type LibraryMemory = bigint & { readonly [memoryBrand]: true };

/** Receives one value from the library in its only element. */
export type Out<T> = [T | null];

/** 0 when the call worked, else -1 with the reason in XGBGetLastError. */
type Status = number;

/** Values of `type` in the configuration of a prediction. */
export const PredictType = { margin: 1, contributions: 2 } as const;

/** C declarations by function; a handle of the header is its `void *`, and so is an array of handles. */
export const DECLARATIONS = {
  XGBGetLastError: 'const char *XGBGetLastError()',
  XGBRegisterLogCallback: 'int XGBRegisterLogCallback(void *callback)',
  XGDMatrixCreateFromDense:
    'int XGDMatrixCreateFromDense(const char *data, const char *config, _Out_ void **out)',
  XGDMatrixSetInfoFromInterface:
    'int XGDMatrixSetInfoFromInterface(void *handle, const char *field, const char *c_interface_str)',
  XGDMatrixSetStrFeatureInfo:
    'int XGDMatrixSetStrFeatureInfo(void *handle, const char *field, const char **features, uint64_t size)',
  XGDMatrixFree: 'int XGDMatrixFree(void *handle)',
  XGBoosterCreate: 'int XGBoosterCreate(void *dmats, uint64_t len, _Out_ void **out)',
  XGBoosterFree: 'int XGBoosterFree(void *handle)',
  XGBoosterSetParam: 'int XGBoosterSetParam(void *handle, const char *name, const char *value)',
  XGBoosterSetAttr: 'int XGBoosterSetAttr(void *handle, const char *key, const char *value)',
  XGBoosterSetStrFeatureInfo:
    'int XGBoosterSetStrFeatureInfo(void *handle, const char *field, const char **features, uint64_t size)',
  XGBoosterUpdateOneIter: 'int XGBoosterUpdateOneIter(void *handle, int iter, void *dtrain)',
  XGBoosterEvalOneIter:
    'int XGBoosterEvalOneIter(void *handle, int iter, void *dmats, const char **evnames, uint64_t len, ' +
    '_Out_ const char **out_result)',
  XGBoosterSlice:
    'int XGBoosterSlice(void *handle, int begin_layer, int end_layer, int step, _Out_ void **out)',
  XGBoosterSaveModelToBuffer:
    'int XGBoosterSaveModelToBuffer(void *handle, const char *config, _Out_ uint64_t *out_len, ' +
    '_Out_ void **out_dptr)',
  XGBoosterLoadModelFromBuffer:
    'int XGBoosterLoadModelFromBuffer(void *handle, const void *buf, uint64_t len)',
  XGBoosterPredictFromDense:
    'int XGBoosterPredictFromDense(void *handle, const char *values, const char *config, void *m, ' +
    '_Out_ void **out_shape, _Out_ uint64_t *out_dim, _Out_ void **out_result)',
  XGBoosterPredictFromDMatrix:
    'int XGBoosterPredictFromDMatrix(void *handle, void *dmat, const char *config, ' +
    '_Out_ void **out_shape, _Out_ uint64_t *out_dim, _Out_ void **out_result)',
} as const;

/** The functions of the table as they are called from TypeScript. */
export interface XgboostBindings {
  XGBGetLastError(): string;
  XGBRegisterLogCallback(callback: bigint): Status;
  XGDMatrixCreateFromDense(data: string, config: string, out: Out<MatrixHandle>): Status;
  XGDMatrixSetInfoFromInterface(handle: MatrixHandle, field: string, data: string): Status;
  XGDMatrixSetStrFeatureInfo(
    handle: MatrixHandle,
    field: string,
    values: readonly string[],
    length: number,
  ): Status;
  XGDMatrixFree(handle: MatrixHandle): Status;
  XGBoosterCreate(matrices: BigUint64Array | null, length: number, out: Out<BoosterHandle>): Status;
  XGBoosterFree(handle: BoosterHandle): Status;
  XGBoosterSetParam(handle: BoosterHandle, name: string, value: string): Status;
  XGBoosterSetAttr(handle: BoosterHandle, key: string, value: string): Status;
  XGBoosterSetStrFeatureInfo(
    handle: BoosterHandle,
    field: string,
    values: readonly string[],
    length: number,
  ): Status;
  XGBoosterUpdateOneIter(handle: BoosterHandle, iteration: number, matrix: MatrixHandle): Status;
  XGBoosterEvalOneIter(
    handle: BoosterHandle,
    iteration: number,
    matrices: BigUint64Array,
    names: readonly string[],
    length: number,
    out: Out<string>,
  ): Status;
  XGBoosterSlice(
    handle: BoosterHandle,
    begin: number,
    end: number,
    step: number,
    out: Out<BoosterHandle>,
  ): Status;
  XGBoosterSaveModelToBuffer(
    handle: BoosterHandle,
    config: string,
    length: Out<number | bigint>,
    out: Out<LibraryMemory>,
  ): Status;
  XGBoosterLoadModelFromBuffer(handle: BoosterHandle, bytes: Uint8Array, length: number): Status;
  XGBoosterPredictFromDense(
    handle: BoosterHandle,
    values: string,
    config: string,
    matrix: null,
    shape: Out<LibraryMemory>,
    dimensions: Out<number | bigint>,
    result: Out<LibraryMemory>,
  ): Status;
  XGBoosterPredictFromDMatrix(
    handle: BoosterHandle,
    matrix: MatrixHandle,
    config: string,
    shape: Out<LibraryMemory>,
    dimensions: Out<number | bigint>,
    result: Out<LibraryMemory>,
  ): Status;
}

/**
 * Loads the library and binds every function of the table.
 *
 * @throws the loader's own error when the file, a library it needs, or a function is missing.
 */
export function loadBindings(libraryPath: string): XgboostBindings {
  const library = koffi.load(libraryPath);
  const functions = Object.entries(DECLARATIONS).map(([name, declaration]): [string, unknown] => [
    name,
    library.func(declaration),
  ]);
  return Object.fromEntries(functions) as unknown as XgboostBindings;
}
