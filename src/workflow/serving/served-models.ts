/** The models of a set in this thread, proven before anybody is answered by them. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { assignDeciles, riskScore } from '../../domain/index.ts';
import { checkAdditivity } from '../../explain/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import {
  type LearnerOptions,
  openRowExplainer,
  openRowPredictor,
  type RowExplainer,
  type RowPredictor,
} from '../../learner/index.ts';
import {
  checkSamples,
  coherentProbabilities,
  type FeatureEncoding,
  type LoadedSet,
  requireContract,
  sampleMatrix,
  type StoredModel,
} from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import { smokeEvidence } from '../../registry/index.ts';
import type { ReadModels } from './read-models.ts';

export interface ServedModel extends Disposable {
  readonly model: StoredModel;
  readonly predictor: RowPredictor;
  readonly explainer: RowExplainer;
  readonly loadSeconds: number;
}

export interface ServedModels extends Disposable {
  readonly loaded: LoadedSet;
  /** The same for all models of the set. */
  readonly encoding: FeatureEncoding;
  /** Shortest horizon first. */
  readonly models: readonly ServedModel[];
}

/** What a model and its calibrator say of a row. */
export interface RowHorizon {
  readonly days: number;
  readonly rawScore: number;
  /** Calibrated and coherent. */
  readonly probability: number;
  readonly riskScore: number;
  readonly decile: number;
}

/** How far a probability may be from the stored one: `Math.exp` of another machine may round otherwise. */
const PROBABILITY_TOLERANCE = 1e-12;

/**
 * Loads the models of a set and asks each about its stored samples and about a row of which nothing is known. HF503
 * where one does not answer as it did in training, HF504 where the set does not fit the pack, HF501 without its library.
 */
export async function openServedModels(
  loaded: LoadedSet,
  pack: Pack,
  libraries: LearnerOptions['libraries'],
  readModels: ReadModels,
): Promise<ServedModels> {
  const [first] = loaded.models;
  if (first === undefined) throw new HoldfastError('HF503', { message: 'the model set has no models' });
  requireContract(loaded.set, pack);
  const models: ServedModel[] = [];
  const dispose = (): void => {
    for (const model of models) model[Symbol.dispose]();
  };
  try {
    const readings = readModels(loaded.models);
    for (const [index, model] of loaded.models.entries()) {
      const reading = await (readings[index] as (typeof readings)[number]);
      models.push(
        await openServedModel(model, { ...(libraries === undefined ? {} : { libraries }), reading }),
      );
    }
    const served = { loaded, encoding: first.encoding, models, [Symbol.dispose]: dispose };
    checkUnknownRow(served);
    return served;
  } catch (error) {
    dispose();
    throw error;
  }
}

async function openServedModel(
  model: StoredModel,
  options: NonNullable<Parameters<typeof openRowPredictor>[1]>,
): Promise<ServedModel> {
  const begun = performance.now();
  // Requests are answered by the old set between the parts of this work.
  await setImmediate();
  const predictor = await openRowPredictor(model, options);
  try {
    checkAnswers(model, predictor);
    await setImmediate();
    const explainer = await openRowExplainer(model.modelText, options);
    return {
      model,
      predictor,
      explainer,
      loadSeconds: (performance.now() - begun) / 1000,
      [Symbol.dispose]() {
        predictor[Symbol.dispose]();
        explainer[Symbol.dispose]();
      },
    };
  } catch (error) {
    predictor[Symbol.dispose]();
    throw error;
  }
}

/** Compares what a model says of its samples with what it said when it was made. */
function checkAnswers(model: StoredModel, predictor: RowPredictor): void {
  const { features } = model.encoding;
  if (predictor.features !== features.length)
    throw new HoldfastError('HF504', {
      message: `${model.name} takes ${String(predictor.features)} features, but its folder names ${String(features.length)}`,
      hint: 'restore the models folder from a backup, or train again',
    });
  const raw = predictor.predictRows(sampleMatrix(model));
  const compared = raw.every(Number.isFinite) ? checkSamples(model, raw) : undefined;
  const isSame =
    compared?.encodedDifferently === 0 &&
    compared.largestRawDifference === 0 &&
    compared.largestProbabilityDifference <= PROBABILITY_TOLERANCE;
  if (isSame) return;
  throw new HoldfastError('HF503', {
    message: `${model.name} version ${String(model.version)} does not answer what it answered in training`,
    hint: 'see holdfast models verify; use the learner library it was trained with, or train again',
  });
}

/** A row of which nothing is known must be answered as well, and be explained. */
function checkUnknownRow(served: ServedModels): void {
  const row = new Float64Array(served.encoding.features.length).fill(Number.NaN);
  const raw = served.models.map(({ predictor }) => Float64Array.of(predictor.predictRaw(row)));
  const isNumeric = raw.every(([score]) => Number.isFinite(score));
  // Calibrators refuse what is no number; that it is none is what is to be said.
  const columns = isNumeric ? coherentProbabilities(calibratorsOf(served), raw) : raw;
  const { notFinite, outside, incoherent } = smokeEvidence(columns);
  if (notFinite + outside + incoherent > 0)
    throw new HoldfastError('HF503', {
      message: `set ${String(served.loaded.set.id)} answers with what is no probability`,
      hint: 'see holdfast models verify; train again',
    });
  served.models.forEach((model, index) => contributionsOf(model, row, raw[index]?.[0] ?? Number.NaN));
}

const calibratorsOf = ({ models }: Pick<ServedModels, 'models'>): StoredModel['calibrator'][] =>
  models.map(({ model }) => model.calibrator);

/** Scores one encoded row with all models: the steps, and the bits, of the batch. */
export function scoreRow(served: ServedModels, values: Float64Array): RowHorizon[] {
  const raw = served.models.map(({ predictor }) => Float64Array.of(predictor.predictRaw(values)));
  return horizonsOf(served, raw)(0);
}

/** What raw scores of rows (a column a model) mean; ask for a row by its place. */
export function horizonsOf(
  served: ServedModels,
  raw: readonly Float64Array[],
): (place: number) => RowHorizon[] {
  const { models } = served;
  const probabilities = coherentProbabilities(calibratorsOf(served), raw);
  const deciles = models.map(({ model }, index) =>
    assignDeciles(model.statistics.decileEdges, raw[index] as Float64Array),
  );
  return (place) =>
    models.map(({ model: { horizonDays, statistics } }, index) => {
      const probability = probabilities[index]?.[place] as number;
      return {
        days: horizonDays,
        rawScore: raw[index]?.[place] as number,
        probability,
        riskScore: riskScore(probability, statistics.baseRate),
        decile: deciles[index]?.[place] as number,
      };
    });
}

/** What each feature gave to a raw score, the base last. HF900 where that does not add up to it. */
export function contributionsOf(served: ServedModel, values: Float64Array, rawScore: number): Float64Array {
  return checkedContributions(served, served.explainer.contributionsOfRow(values), rawScore);
}

/** Contributions that were computed elsewhere. HF900 where they do not add up to the raw score. */
export function checkedContributions(
  { model, explainer }: ServedModel,
  contributions: Float64Array,
  rawScore: number,
): Float64Array {
  checkAdditivity(
    contributions,
    rawScore,
    `the row at ${String(model.horizonDays)} days`,
    explainer.precision,
  );
  return contributions;
}
