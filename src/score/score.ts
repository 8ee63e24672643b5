import { assignDeciles, riskScores } from '../domain/index.ts';
import type { Engine, NumericTable } from '../engine/index.ts';
import { groupDigits, HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import type { FeatureMatrix, Learner } from '../learner/index.ts';
import { coherentProbabilities, type LoadedSet, matrixSelect, requireContract } from '../model/index.ts';
import type { Pack } from '../pack/index.ts';

export interface ScoreParts {
  readonly engine: Engine;
  /** Opens the learner of a model by name. */
  readonly openLearner: (name: string) => Promise<Learner>;
  readonly pack: Pack;
  readonly set: LoadedSet;
  /** View or table with the features, of the rows to score only. */
  readonly table: string;
  /** Numeric expressions over the alias `rows`, returned beside the scores, such as `1.0 AS weight`. */
  readonly extra?: readonly string[];
  readonly progress?: Progress;
}

/** Scores of one horizon, row by row. */
export interface HorizonScores {
  readonly days: number;
  /** Log-odds of the uncalibrated model: what ranks. */
  readonly rawScores: Float64Array;
  /** Calibrated and coherent over the horizons. */
  readonly probabilities: Float64Array;
  /** 0.5 means as likely as the average of training. */
  readonly riskScores: Float64Array;
  /** 1 to 10, 10 is the highest risk, by edges fixed in training. */
  readonly deciles: Uint8Array;
}

/** Scores of all rows of the table, in the order of the entity key. */
export interface Scored {
  readonly rows: number;
  /** What the models saw of the rows. */
  readonly features: FeatureMatrix;
  readonly horizons: readonly HorizonScores[];
  readonly extra: readonly Float64Array[];
}

/** Scores every row of a table with every model of the set. HF504 where the features do not fit. */
export async function score(parts: ScoreParts): Promise<Scored> {
  const { engine, pack, set } = parts;
  const [first] = set.models;
  if (first === undefined) throw new HoldfastError('HF503', { message: 'the model set has no models' });
  requireContract(set.set, pack);
  const extra = parts.extra ?? [];
  const task = (parts.progress ?? silentProgress).start('score', {
    total: set.models.length,
    unit: 'models',
  });
  const orderBy = `rows.${engine.identifier(pack.file.entity.key)}`;
  const width = first.encoding.features.length;
  const loaded = await engine.numeric(
    matrixSelect(engine, first.encoding, { table: parts.table, extra, where: 'true', orderBy }),
  );
  const features = { rows: loaded.rows, columns: width, data: loaded.data.subarray(0, loaded.rows * width) };
  const rawScores: Float64Array[] = [];
  for (const [index, stored] of set.models.entries()) {
    const learner = await parts.openLearner(stored.learner.name);
    await using model = await learner.load(stored.modelText);
    rawScores.push(await model.predictRaw(features));
    task.update(index + 1);
  }
  const probabilities = coherentProbabilities(
    set.models.map(({ calibrator }) => calibrator),
    rawScores,
  );
  task.done(`${groupDigits(loaded.rows)} rows`);
  return {
    rows: loaded.rows,
    features,
    extra: extra.map((_, index) => columnOf(loaded, width + index)),
    horizons: set.models.map(({ horizonDays, statistics }, index) => {
      const raw = rawScores[index] as Float64Array;
      const calibrated = probabilities[index] as Float64Array;
      return {
        days: horizonDays,
        rawScores: raw,
        probabilities: calibrated,
        riskScores: riskScores(calibrated, statistics.baseRate),
        deciles: assignDeciles(statistics.decileEdges, raw),
      };
    }),
  };
}

const columnOf = (table: NumericTable, index: number): Float64Array =>
  table.data.subarray(index * table.rows, (index + 1) * table.rows);
