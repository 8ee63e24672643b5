/**
 * LightGBM's C interface, one to one: the functions Holdfast calls, with the names, order and types
 * of the library's `c_api.h`. Nothing is interpreted here; `lightgbm.ts` gives it a form people use.
 * `node tools/check-lightgbm-bindings.mjs path/to/c_api.h` compares the table with the header.
 *
 * Only synchronous calls are offered: an asynchronous call through koffi does not keep typed arrays
 * alive, and neither log callbacks nor error texts cross threads. Callers work inside a worker.
 */
import koffi from 'koffi';

declare const datasetBrand: unique symbol;
declare const boosterBrand: unique symbol;
declare const fastConfigBrand: unique symbol;

/** Address of a native dataset. */
export type DatasetHandle = bigint & { readonly [datasetBrand]: true };
/** Address of a native booster. */
export type BoosterHandle = bigint & { readonly [boosterBrand]: true };
/** Address of a booster made ready for single rows of one shape. */
export type FastConfigHandle = bigint & { readonly [fastConfigBrand]: true };

/** Receives one value from the library in its only element. */
export type Out<T> = [T | null];
/** Memory that the library reads or writes during the call; passed by address, never copied. */
export type Memory = Float64Array | Float32Array | BigUint64Array | Uint8Array;

/** 0 when the call worked, else -1 with the reason in LGBM_GetLastError. */
type Status = number;

export const DataType = { float32: 0, float64: 1 } as const;
export const PredictType = { rawScore: 1, contributions: 3 } as const;
export const ImportanceType = { split: 0, gain: 1 } as const;

/** C declarations by function; a handle of the header is its `void *`. */
export const DECLARATIONS = {
  LGBM_GetLastError: 'const char *LGBM_GetLastError()',
  LGBM_RegisterLogCallback: 'int LGBM_RegisterLogCallback(void *callback)',
  LGBM_DumpParamAliases:
    'int LGBM_DumpParamAliases(int64_t buffer_len, _Out_ int64_t *out_len, void *out_str)',
  LGBM_DatasetCreateFromMat:
    'int LGBM_DatasetCreateFromMat(const void *data, int data_type, int32_t nrow, int32_t ncol, ' +
    'int is_row_major, const char *parameters, void *reference, _Out_ void **out)',
  LGBM_DatasetSetField:
    'int LGBM_DatasetSetField(void *handle, const char *field_name, const void *field_data, ' +
    'int num_element, int type)',
  LGBM_DatasetSetFeatureNames:
    'int LGBM_DatasetSetFeatureNames(void *handle, const char **feature_names, int num_feature_names)',
  LGBM_DatasetFree: 'int LGBM_DatasetFree(void *handle)',
  LGBM_BoosterCreate: 'int LGBM_BoosterCreate(void *train_data, const char *parameters, _Out_ void **out)',
  LGBM_BoosterFree: 'int LGBM_BoosterFree(void *handle)',
  LGBM_BoosterAddValidData: 'int LGBM_BoosterAddValidData(void *handle, void *valid_data)',
  LGBM_BoosterUpdateOneIter: 'int LGBM_BoosterUpdateOneIter(void *handle, _Out_ int *produced_empty_tree)',
  LGBM_BoosterGetCurrentIteration:
    'int LGBM_BoosterGetCurrentIteration(void *handle, _Out_ int *out_iteration)',
  LGBM_BoosterGetNumFeature: 'int LGBM_BoosterGetNumFeature(void *handle, _Out_ int *out_len)',
  LGBM_BoosterGetEvalCounts: 'int LGBM_BoosterGetEvalCounts(void *handle, _Out_ int *out_len)',
  LGBM_BoosterGetEvalNames:
    'int LGBM_BoosterGetEvalNames(void *handle, int len, _Out_ int *out_len, size_t buffer_len, ' +
    '_Out_ size_t *out_buffer_len, void *out_strs)',
  LGBM_BoosterGetEval:
    'int LGBM_BoosterGetEval(void *handle, int data_idx, _Out_ int *out_len, void *out_results)',
  LGBM_BoosterSaveModelToString:
    'int LGBM_BoosterSaveModelToString(void *handle, int start_iteration, int num_iteration, ' +
    'int feature_importance_type, int64_t buffer_len, _Out_ int64_t *out_len, void *out_str)',
  LGBM_BoosterLoadModelFromString:
    'int LGBM_BoosterLoadModelFromString(const void *model_str, _Out_ int *out_num_iterations, ' +
    '_Out_ void **out)',
  LGBM_BoosterPredictForMat:
    'int LGBM_BoosterPredictForMat(void *handle, const void *data, int data_type, int32_t nrow, ' +
    'int32_t ncol, int is_row_major, int predict_type, int start_iteration, int num_iteration, ' +
    'const char *parameter, _Out_ int64_t *out_len, void *out_result)',
  LGBM_BoosterPredictForMatSingleRowFastInit:
    'int LGBM_BoosterPredictForMatSingleRowFastInit(void *handle, int predict_type, int start_iteration, ' +
    'int num_iteration, int data_type, int32_t ncol, const char *parameter, _Out_ void **out_fastConfig)',
  LGBM_BoosterPredictForMatSingleRowFast:
    'int LGBM_BoosterPredictForMatSingleRowFast(void *fastConfig_handle, const void *data, ' +
    'int64_t *out_len, void *out_result)',
  LGBM_FastConfigFree: 'int LGBM_FastConfigFree(void *fastConfig)',
  LGBM_BoosterFeatureImportance:
    'int LGBM_BoosterFeatureImportance(void *handle, int num_iteration, int importance_type, ' +
    'void *out_results)',
} as const;

/** The functions of the table as they are called from TypeScript. */
export interface LightGbmBindings {
  LGBM_GetLastError(): string;
  LGBM_RegisterLogCallback(callback: bigint): Status;
  LGBM_DumpParamAliases(bufferBytes: number, length: Out<number | bigint>, out: Memory): Status;
  LGBM_DatasetCreateFromMat(
    data: Memory | bigint,
    dataType: number,
    rows: number,
    columns: number,
    isRowMajor: 0 | 1,
    parameters: string,
    reference: DatasetHandle | null,
    out: Out<DatasetHandle>,
  ): Status;
  LGBM_DatasetSetField(
    handle: DatasetHandle,
    name: string,
    data: Memory,
    length: number,
    dataType: number,
  ): Status;
  LGBM_DatasetSetFeatureNames(handle: DatasetHandle, names: readonly string[], length: number): Status;
  LGBM_DatasetFree(handle: DatasetHandle): Status;
  LGBM_BoosterCreate(dataset: DatasetHandle, parameters: string, out: Out<BoosterHandle>): Status;
  LGBM_BoosterFree(handle: BoosterHandle): Status;
  LGBM_BoosterAddValidData(handle: BoosterHandle, dataset: DatasetHandle): Status;
  LGBM_BoosterUpdateOneIter(handle: BoosterHandle, producedEmptyTree: Out<number>): Status;
  LGBM_BoosterGetCurrentIteration(handle: BoosterHandle, iteration: Out<number>): Status;
  LGBM_BoosterGetNumFeature(handle: BoosterHandle, features: Out<number>): Status;
  LGBM_BoosterGetEvalCounts(handle: BoosterHandle, length: Out<number>): Status;
  LGBM_BoosterGetEvalNames(
    handle: BoosterHandle,
    capacity: number,
    length: Out<number>,
    bufferBytes: number,
    neededBytes: Out<number | bigint>,
    addresses: Memory,
  ): Status;
  LGBM_BoosterGetEval(handle: BoosterHandle, dataIndex: number, length: Out<number>, results: Memory): Status;
  LGBM_BoosterSaveModelToString(
    handle: BoosterHandle,
    startIteration: number,
    iterations: number,
    importanceType: number,
    bufferBytes: number,
    length: Out<number | bigint>,
    out: Memory,
  ): Status;
  LGBM_BoosterLoadModelFromString(text: Memory, iterations: Out<number>, out: Out<BoosterHandle>): Status;
  LGBM_BoosterPredictForMat(
    handle: BoosterHandle,
    data: Memory,
    dataType: number,
    rows: number,
    columns: number,
    isRowMajor: 0 | 1,
    predictType: number,
    startIteration: number,
    iterations: number,
    parameters: string,
    length: Out<number | bigint>,
    results: Memory,
  ): Status;
  LGBM_BoosterPredictForMatSingleRowFastInit(
    handle: BoosterHandle,
    predictType: number,
    startIteration: number,
    iterations: number,
    dataType: number,
    columns: number,
    parameters: string,
    out: Out<FastConfigHandle>,
  ): Status;
  LGBM_BoosterPredictForMatSingleRowFast(
    handle: FastConfigHandle,
    row: Memory,
    length: BigInt64Array,
    results: Memory,
  ): Status;
  LGBM_FastConfigFree(handle: FastConfigHandle): Status;
  LGBM_BoosterFeatureImportance(
    handle: BoosterHandle,
    iterations: number,
    importanceType: number,
    results: Memory,
  ): Status;
}

/**
 * Loads the library and binds every function of the table.
 *
 * @throws the loader's own error when the file, a library it needs, or a function is missing.
 */
export function loadBindings(libraryPath: string): LightGbmBindings {
  const library = koffi.load(libraryPath);
  const functions = Object.entries(DECLARATIONS).map(([name, declaration]): [string, unknown] => [
    name,
    library.func(declaration),
  ]);
  return Object.fromEntries(functions) as unknown as LightGbmBindings;
}
