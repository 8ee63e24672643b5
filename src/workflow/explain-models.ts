/** What drives the models of the set in use, for a report. */
import {
  explainGlobally,
  type GlobalExplanation,
  type JudgedHypothesis,
  judgeHypotheses,
} from '../explain/index.ts';
import { matrixSelect, requireContract, type StoredModel, toldColumns, toldValues } from '../model/index.ts';
import { LABELS_TABLE, splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';
import { setInUse } from './set-in-use.ts';

export interface ExplainModelsOptions {
  /** The rows to look at: the test split (the newest snapshot where a horizon has none), or the newest snapshot. */
  readonly rows?: 'test' | 'newest';
  /** At most so many rows a horizon. */
  readonly sample?: number;
  readonly seed?: number;
}

export interface ExplainedModel extends GlobalExplanation {
  /** Where the rows are from. */
  readonly rowsFrom: 'test' | 'newest';
  /** Rows that there were to draw from. */
  readonly rowsAvailable: number;
}

export interface ExplainedModelSet {
  readonly modelSet: number;
  readonly seed: number;
  /** Shortest horizon first. */
  readonly horizons: readonly ExplainedModel[];
  readonly hypotheses: readonly JudgedHypothesis[];
}

const SAMPLE_ROWS = 5000;

/** Explains all models of the set in use over a sample of rows, the same for a seed. HF108, HF301, HF504. */
export async function explainModelSet(
  context: Context,
  options: ExplainModelsOptions = {},
): Promise<ExplainedModelSet> {
  const { lake, pack } = context;
  const set = await setInUse(context);
  requireContract(set.set, pack);
  await lake.attach([pack.file.features.table, LABELS_TABLE, TRAINING_TABLE]);
  const seed = options.seed ?? pack.file.learner.seed;
  const horizons: ExplainedModel[] = [];
  for (const model of set.models)
    horizons.push(
      await explainModel(context, model, {
        rows: options.rows ?? 'test',
        sample: options.sample ?? SAMPLE_ROWS,
        seed,
      }),
    );
  const hypotheses = judgeHypotheses(pack.file.evaluation.hypotheses, horizons);
  return { modelSet: set.set.id, seed, horizons, hypotheses };
}

async function explainModel(
  context: Context,
  model: StoredModel,
  { rows, sample, seed }: Required<ExplainModelsOptions>,
): Promise<ExplainedModel> {
  const { engine, pack, openExplainer } = context;
  const key = engine.identifier(pack.file.entity.key);
  const { table } = pack.file.features;
  const sources = {
    test: `SELECT * FROM ${TRAINING_TABLE} WHERE ${splitColumn(model.horizonDays)} = 'test'`,
    newest: `
      SELECT features.* FROM ${table} AS features
      JOIN ${LABELS_TABLE} AS labels
        ON labels.${key} = features.${key} AND labels.observation_date = features.observation_date
      WHERE labels.at_risk = 1 AND features.observation_date = (SELECT max(observation_date) FROM ${table})`,
  };
  const count = async (select: string): Promise<number> =>
    Number((await engine.rows(`SELECT count(*) AS n FROM (${select})`))[0]?.['n'] ?? 0);
  let rowsFrom = rows;
  let rowsAvailable = await count(sources[rowsFrom]);
  if (rowsAvailable === 0 && rowsFrom === 'test') {
    rowsFrom = 'newest';
    rowsAvailable = await count(sources.newest);
  }
  // The hash stands for a random order that is the same everywhere.
  const drawn = `md5(CAST(${key} AS STRING) || '|' || CAST(observation_date AS STRING) || '|${String(seed)}')`;
  const width = model.encoding.features.length;
  const extra = toldColumns(engine, model.encoding);
  const loaded = await engine.numeric(
    matrixSelect(engine, model.encoding, {
      table: `(SELECT *, ${drawn} AS holdfast_draw FROM (${sources[rowsFrom]}) AS rows ORDER BY holdfast_draw LIMIT ${String(sample)})`,
      extra,
      where: 'true',
      orderBy: 'rows.holdfast_draw',
    }),
  );
  const explanation = await explainGlobally({
    horizonDays: model.horizonDays,
    modelText: model.modelText,
    encoding: model.encoding,
    features: pack.features,
    matrix: { rows: loaded.rows, columns: width, data: loaded.data.subarray(0, loaded.rows * width) },
    told: toldValues(
      model.encoding,
      loaded,
      extra.map((_, index) =>
        loaded.data.subarray((width + index) * loaded.rows, (width + index + 1) * loaded.rows),
      ),
    ),
    openExplainer,
  });
  return { ...explanation, rowsFrom, rowsAvailable };
}
