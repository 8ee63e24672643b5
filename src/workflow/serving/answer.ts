/** The steps of an answer: features, scores, tier, reasons, presentation. All are synchronous. */
import { remainingValueOf, type RowTier } from '../../decide/index.ts';
import type { ReasonsOf } from '../../explain/index.ts';
import { encodeAndTell, type EncodedRow, type FeatureValues } from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import { contributionsOf, type RowHorizon, scoreRow, type ServedModels } from './served-models.ts';
import type { ContributionAnswer, ReasonAnswer, ScoringAnswer, ScoringOptions } from './service.ts';

/** What a request is answered with. */
export interface Answering {
  /** With the thresholds that apply. */
  readonly pack: Pack;
  readonly served: ServedModels;
  readonly tierOf: RowTier;
  readonly reasonsOf: ReasonsOf;
}

/** A row on its way: encoded, with what it is worth (NaN where that is not known). */
export interface RowToScore extends EncodedRow {
  readonly worth: number;
  /** Absent for a row that the request gave. */
  readonly asOf?: string;
}

/** Features as the request gives them. HF504 with the feature's name for a value that does not fit. */
export function givenRow({ pack, served }: Answering, features: FeatureValues): RowToScore {
  const row = encodeAndTell(served.encoding, features);
  return { ...row, worth: remainingValueOf(pack.file.value, features) };
}

export function answerTo(
  answering: Answering,
  entityId: string,
  row: RowToScore,
  options: ScoringOptions,
): ScoringAnswer {
  const { served } = answering;
  const scores = scoreRow(served, row.values);
  return answerFrom(answering, { entityId, row, scores }, options, contributionsOnce(served, scores, row));
}

/** A row with what the models say of it. */
export interface JudgedRow {
  readonly entityId: string;
  readonly row: RowToScore;
  readonly scores: readonly RowHorizon[];
}

/** The answer once scores are there; contributions are asked for where they are needed. */
export function answerFrom(
  answering: Answering,
  { entityId, row, scores }: JudgedRow,
  { explain = false, reasons = true }: ScoringOptions,
  contributions: Contributions,
): ScoringAnswer {
  const { pack, served, tierOf } = answering;
  const rung = tierOf({ horizons: scores, value: row.worth });
  const { ladder, otherwise } = pack.file.tiers;
  const tier = ladder[rung]?.name ?? otherwise;
  const play = pack.playbook.tiers[tier];
  const { id, hash } = served.loaded.set;
  return {
    entityId,
    horizons: scores.map(({ days, probability, decile, riskScore }) => ({
      days,
      probability,
      riskDecile: decile,
      riskScore,
    })),
    tier,
    action: play?.action ?? '',
    owner: play?.owner ?? '',
    sla: play?.sla ?? '',
    reasons: reasons ? reasonsFor(answering, row, ladder[rung]?.horizon, contributions) : [],
    ...(explain ? { contributions: presented(served, contributions) } : {}),
    unseenCategories: row.unseen,
    ...(row.asOf === undefined ? {} : { featuresAsOf: row.asOf }),
    modelSet: id,
    modelSetHash: hash,
  };
}

/** Contributions by the place of the horizon, computed when they are asked for first. */
export type Contributions = (place: number) => Float64Array;

function contributionsOnce(
  { models }: ServedModels,
  scores: readonly RowHorizon[],
  { values }: RowToScore,
): Contributions {
  const known: Float64Array[] = [];
  return (place) => {
    const model = models[place];
    if (model === undefined) throw new RangeError(`there is no horizon at place ${String(place)}`);
    return (known[place] ??= contributionsOf(model, values, scores[place]?.rawScore ?? Number.NaN));
  };
}

/** As in the batch: why a row is in its tier, by the model of the tier's horizon; nothing for the tier of all others. */
function reasonsFor(
  { served, reasonsOf }: Answering,
  { told }: RowToScore,
  horizonDays: number | undefined,
  contributions: Contributions,
): ReasonAnswer[] {
  if (horizonDays === undefined) return [];
  const place = served.models.findIndex(({ model }) => model.horizonDays === horizonDays);
  return reasonsOf(contributions(place), told).map(({ text, feature }) => ({
    text,
    driver: feature,
    horizonDays,
  }));
}

function presented({ models, encoding }: ServedModels, contributions: Contributions): ContributionAnswer[] {
  return models.map(({ model }, place) => {
    const own = contributions(place);
    return {
      horizonDays: model.horizonDays,
      base: own[encoding.features.length] as number,
      features: Object.fromEntries(encoding.features.map(({ name }, index) => [name, own[index] as number])),
    };
  });
}
