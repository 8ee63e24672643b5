/** Training as a bare loop over LightGBM's C interface, with nothing of Holdfast between the calls. */
import {
  type BoosterHandle,
  DataType,
  type DatasetHandle,
  type LightGbmBindings,
  loadBindings,
} from '../src/learner/lightgbm/bindings.ts';
import { findLibrary, LIGHTGBM } from '../src/learner/native-library.ts';
import { systemClock } from '../src/kernel/index.ts';
import { championSet, openRegistry } from '../src/registry/index.ts';
import { type HorizonRows, SPLIT, type TrainingMatrix } from '../src/train/index.ts';

export interface BareHorizon {
  readonly days: number;
  readonly rounds: number;
  readonly trees: number;
  readonly seconds: number;
}

/** Trains each horizon of the set in use for the rounds it ran, evaluating each round. */
export async function bareTraining(
  matrix: TrainingMatrix,
  models: string,
  library: string | undefined,
): Promise<BareHorizon[]> {
  // Spinning OpenMP threads would slow the floor down, and flatter what is compared with it.
  process.env['OMP_WAIT_POLICY'] = 'passive';
  const bindings = loadBindings(findLibrary(LIGHTGBM, library).path);
  const loaded = await championSet(openRegistry(models, systemClock));
  if (loaded === undefined)
    throw new Error('the floor of training needs a trained set: run the phase train first');
  return loaded.models.map(({ horizonDays, settings }) => {
    const horizon = matrix.horizons.find(({ days }) => days === horizonDays);
    if (horizon === undefined) throw new Error(`no rows for ${String(horizonDays)} days`);
    const started = performance.now();
    const parameters = [
      ...Object.entries(settings.parameters).map(([name, value]) => `${name}=${String(value)}`),
      `seed=${String(settings.seed)} deterministic=true force_row_wise=true verbosity=-1`,
      `categorical_feature=${categorical(matrix)}`,
    ].join(' ');
    trainBare(bindings, matrix, horizon, parameters, settings.rounds);
    return {
      days: horizonDays,
      rounds: settings.rounds,
      trees: settings.trees,
      seconds: Math.round(performance.now() - started) / 1000,
    };
  });
}

/** The three categories of the broadband pack are its last columns. */
const categorical = ({ features }: TrainingMatrix): string =>
  [features.columns - 3, features.columns - 2, features.columns - 1].join(',');

function trainBare(
  api: LightGbmBindings,
  matrix: TrainingMatrix,
  horizon: HorizonRows,
  parameters: string,
  rounds: number,
): void {
  const train = dataset(api, matrix, horizon, [SPLIT.train], parameters, null);
  const stop = dataset(api, matrix, horizon, [SPLIT.stop], parameters, train);
  const out: [BoosterHandle | null] = [null];
  check(api, api.LGBM_BoosterCreate(train, parameters, out));
  const booster = out[0] as BoosterHandle;
  check(api, api.LGBM_BoosterAddValidData(booster, stop));
  const results = new Float64Array(8);
  for (let round = 0; round < rounds; round++) {
    check(api, api.LGBM_BoosterUpdateOneIter(booster, [null]));
    check(api, api.LGBM_BoosterGetEval(booster, 1, [null], results));
  }
  const text = new Uint8Array(64_000_000);
  check(api, api.LGBM_BoosterSaveModelToString(booster, 0, -1, 0, text.length, [null], text));
  check(api, api.LGBM_BoosterFree(booster));
  check(api, api.LGBM_DatasetFree(stop));
  check(api, api.LGBM_DatasetFree(train));
}

function dataset(
  api: LightGbmBindings,
  { features }: TrainingMatrix,
  horizon: HorizonRows,
  codes: readonly number[],
  parameters: string,
  reference: DatasetHandle | null,
): DatasetHandle {
  const chosen: number[] = [];
  horizon.splits.forEach((code, row) => {
    if (codes.includes(code)) chosen.push(row);
  });
  const data = new Float64Array(chosen.length * features.columns);
  for (let column = 0; column < features.columns; column++)
    for (let row = 0; row < chosen.length; row++)
      data[column * chosen.length + row] = features.data[
        column * features.rows + (chosen[row] as number)
      ] as number;
  const labels = Float32Array.from(chosen, (row) => horizon.labels[row] as number);
  const out: [DatasetHandle | null] = [null];
  check(
    api,
    api.LGBM_DatasetCreateFromMat(
      data,
      DataType.float64,
      chosen.length,
      features.columns,
      0,
      parameters,
      reference,
      out,
    ),
  );
  const handle = out[0] as DatasetHandle;
  check(api, api.LGBM_DatasetSetField(handle, 'label', labels, labels.length, DataType.float32));
  return handle;
}

function check(api: LightGbmBindings, status: number): void {
  if (status !== 0) throw new Error(api.LGBM_GetLastError());
}
