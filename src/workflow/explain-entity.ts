/** Why one entity has the scores that it has. */
import { SCORES_TABLE } from '../decide/index.ts';
import { type Row, textOf, type Value } from '../engine/index.ts';
import {
  checkAdditivity,
  explainByLime,
  type LimeExplanation,
  type Reason,
  reasonMaker,
} from '../explain/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { LoadedSet, StoredModel } from '../model/index.ts';
import { LABELS_TABLE } from '../prepare/index.ts';
import { score, type Scored } from '../score/index.ts';
import type { Context } from './context.ts';
import { setInUse } from './set-in-use.ts';

export interface ExplainOptions {
  /** Observation date `YYYY-MM-DD`; the newest one where absent. */
  readonly date?: string;
  /** The horizon whose model is explained; that of the entity's tier, or else the shortest, where absent. */
  readonly horizonDays?: number;
  /** Asks for the second opinion as well. */
  readonly lime?: boolean;
}

export interface EntityExplanation {
  readonly entity: string;
  readonly observationDate: string;
  /** Null where it is not known. Who is not at risk (an event is open) is neither scored nor contacted. */
  readonly atRisk: boolean | null;
  /** The set that explains: the one in use. */
  readonly modelSet: number;
  /** What was decided when the date was scored; null where it was not. */
  readonly scored: { readonly tier: string; readonly modelSet: number } | null;
  readonly horizons: readonly HorizonChance[];
  readonly explained: ExplainedHorizon;
  readonly lime?: LimeExplanation;
}

/** What the set in use says of one horizon. */
export interface HorizonChance {
  readonly days: number;
  readonly probability: number;
  /** Of the training rows. */
  readonly baseRate: number;
  readonly riskScore: number;
  readonly decile: number;
  readonly rawScore: number;
}

export interface FeatureContribution {
  readonly feature: string;
  readonly label: string;
  readonly unit: string | null;
  readonly value: Value;
  /** Log-odds. */
  readonly contribution: number;
}

export interface ExplainedHorizon {
  readonly days: number;
  readonly reasons: readonly (Reason & Pick<FeatureContribution, 'label' | 'unit' | 'value'>)[];
  /** All features, the strongest first. */
  readonly contributions: readonly FeatureContribution[];
  readonly baseValue: number;
  /** Base value and all contributions, which is the raw score. */
  readonly sum: number;
}

/** What is said of one row of the feature table. */
interface Found {
  readonly row: Row;
  readonly date: string;
}

/**
 * Explains an entity at an observation date. HF101 for an entity, date or horizon that is not there, HF108
 * without a model set, HF504 where the models do not fit the pack.
 */
export async function explainEntity(
  context: Context,
  entity: string,
  options: ExplainOptions = {},
): Promise<EntityExplanation> {
  const { engine, lake, pack } = context;
  checkHorizon(context, options.horizonDays);
  const set = await setInUse(context);
  const { table } = pack.file.features;
  await lake.attach([table, LABELS_TABLE]);
  const found = await findRow(context, entity, options.date);
  const key = engine.identifier(pack.file.entity.key);
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY VIEW row_to_explain AS SELECT * FROM ${table}
     WHERE CAST(${key} AS STRING) = ${engine.literal(entity)} AND CAST(observation_date AS STRING) = '${found.date}'`,
  );
  const scored = await score({
    engine,
    openLearner: (name) => context.learner(name),
    pack,
    set,
    table: 'row_to_explain',
  });
  const decided = await decidedTier(context, entity, found.date);
  const rung = pack.file.tiers.ladder.find(({ name }) => name === decided?.tier);
  const days = options.horizonDays ?? rung?.horizon ?? set.models[0]?.horizonDays;
  const model = set.models.find(({ horizonDays }) => horizonDays === days);
  if (model === undefined)
    throw new HoldfastError('HF101', {
      message: `model set ${String(set.set.id)} has no model for ${String(days)} days`,
      hint: `it has ${set.models.map(({ horizonDays }) => String(horizonDays)).join(', ')}; holdfast run --retrain trains all horizons of the pack`,
    });
  const explained = await explainRow(context, model, scored, found.row);
  return {
    entity,
    observationDate: found.date,
    atRisk: await isAtRisk(context, entity, found.date),
    modelSet: set.set.id,
    scored: decided,
    horizons: chances(set, scored),
    explained,
    ...(options.lime === true ? { lime: await secondOpinion(context, model, scored) } : {}),
  };
}

function checkHorizon({ pack }: Context, days: number | undefined): void {
  const { horizons } = pack.file;
  if (days === undefined || horizons.includes(days)) return;
  throw new HoldfastError('HF101', {
    message: `the pack has no horizon of ${String(days)} days`,
    hint: `it has ${horizons.join(', ')}`,
    place: { field: '--horizon' },
  });
}

async function findRow(context: Context, entity: string, date: string | undefined): Promise<Found> {
  const { engine, pack } = context;
  const { table } = pack.file.features;
  const { name, key: keyName } = pack.file.entity;
  const key = engine.identifier(keyName);
  const dates = await engine.rows(
    `SELECT DISTINCT CAST(observation_date AS STRING) AS day FROM ${table} ORDER BY day DESC`,
  );
  const days = dates.map((row) => textOf(row['day']));
  const day = date ?? days[0];
  if (day === undefined)
    throw new HoldfastError('HF207', {
      message: `${table} has no rows`,
      hint: 'deliver data and build again',
    });
  if (!days.includes(day))
    throw new HoldfastError('HF101', {
      message: `there are no features at ${day}`,
      hint: `the newest dates are ${days.slice(0, 3).join(', ')}`,
      place: { field: '--date' },
    });
  const [row] = await engine.rows(
    `SELECT * FROM ${table} WHERE CAST(${key} AS STRING) = $entity AND CAST(observation_date AS STRING) = $day`,
    { entity, day },
  );
  if (row !== undefined) return { row, date: day };
  const [elsewhere] = await engine.rows(
    `SELECT CAST(${key} AS STRING) AS key, CAST(max(observation_date) AS STRING) AS day FROM ${table}
     WHERE lower(trim(CAST(${key} AS STRING))) = lower(trim($entity)) GROUP BY ${key} ORDER BY day DESC, key LIMIT 1`,
    { entity },
  );
  throw new HoldfastError('HF101', {
    message: `there is no ${name} ${entity} with features at ${day}`,
    hint: hintFor(entity, elsewhere, `SELECT ${keyName} FROM ${table} LIMIT 10`),
  });
}

/** Numbers of customers that look alike are different customers, so only a slip in case or blanks is guessed. */
function hintFor(entity: string, elsewhere: Row | undefined, query: string): string {
  if (elsewhere === undefined) return `look one up with: holdfast query "${query}"`;
  const key = textOf(elsewhere['key']);
  const day = textOf(elsewhere['day']);
  return key === entity
    ? `the newest features are of ${day}: add --date ${day}`
    : `did you mean ${key}? its newest features are of ${day}`;
}

async function isAtRisk({ engine, pack }: Context, entity: string, day: string): Promise<boolean | null> {
  const key = engine.identifier(pack.file.entity.key);
  const [row] = await engine.rows(
    `SELECT CAST(at_risk AS INTEGER) AS at_risk FROM ${LABELS_TABLE}
     WHERE CAST(${key} AS STRING) = $entity AND CAST(observation_date AS STRING) = $day`,
    { entity, day },
  );
  return row === undefined || row['at_risk'] === null ? null : Number(row['at_risk']) === 1;
}

async function decidedTier(
  { engine, lake, pack }: Context,
  entity: string,
  day: string,
): Promise<EntityExplanation['scored']> {
  if (!(await lake.exists(SCORES_TABLE))) return null;
  await lake.attach([SCORES_TABLE]);
  const key = engine.identifier(pack.file.entity.key);
  const [row] = await engine.rows(
    `SELECT risk_tier, model_set FROM ${SCORES_TABLE}
     WHERE CAST(${key} AS STRING) = $entity AND CAST(score_date AS STRING) = $day`,
    { entity, day },
  );
  return row === undefined ? null : { tier: textOf(row['risk_tier']), modelSet: Number(row['model_set']) };
}

function chances(set: LoadedSet, { horizons }: Scored): HorizonChance[] {
  return horizons.map(({ days, probabilities, riskScores, deciles, rawScores }, index) => ({
    days,
    probability: probabilities[0] as number,
    baseRate: (set.models[index] as StoredModel).statistics.baseRate,
    riskScore: riskScores[0] as number,
    decile: deciles[0] as number,
    rawScore: rawScores[0] as number,
  }));
}

async function explainRow(
  { pack, openExplainer }: Context,
  model: StoredModel,
  { features, horizons }: Scored,
  row: Row,
): Promise<ExplainedHorizon> {
  await using explainer = await openExplainer(model.modelText);
  const contributions = await explainer.contributionsOfRow(features.data);
  const days = model.horizonDays;
  const rawScore = horizons.find((horizon) => horizon.days === days)?.rawScores[0] ?? Number.NaN;
  checkAdditivity(contributions, rawScore, `the row at ${String(days)} days`);
  const described = (name: string): Pick<FeatureContribution, 'label' | 'unit' | 'value'> => ({
    label: pack.features[name]?.label ?? name,
    unit: pack.features[name]?.unit ?? null,
    value: row[name] ?? null,
  });
  const reasons = reasonMaker(pack, model.encoding)(contributions, features.data);
  return {
    days,
    reasons: reasons.map((reason) => ({ ...reason, ...described(reason.feature) })),
    contributions: model.encoding.features
      .map(({ name }, index) => ({
        feature: name,
        ...described(name),
        contribution: contributions[index] as number,
      }))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
    baseValue: contributions.at(-1) as number,
    sum: contributions.reduce((sum, contribution) => sum + contribution, 0),
  };
}

async function secondOpinion(
  context: Context,
  { encoding, statistics, modelText, learner: { name } }: StoredModel,
  { features }: Scored,
): Promise<LimeExplanation> {
  const learner = await context.learner(name);
  await using loaded = await learner.load(modelText);
  return await explainByLime({
    encoding,
    statistics,
    values: Float64Array.from(features.data),
    predictRaw: (matrix) => loaded.predictRaw(matrix),
    seed: context.pack.file.learner.seed,
  });
}
