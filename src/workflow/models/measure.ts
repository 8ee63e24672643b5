/** A set, and the champion where there is one, measured on the same test rows. */
import { compareModels, evaluateSplit, takePositions } from '../../evaluate/index.ts';
import { hashOf, HoldfastError } from '../../kernel/index.ts';
import type { Snapshot } from '../../lake/index.ts';
import { contractFits, type LoadedSet, type SplitMetrics, type StoredModel } from '../../model/index.ts';
import type { EvaluationSettings } from '../../pack/index.ts';
import { labelColumn, splitColumn, TRAINING_TABLE } from '../../prepare/index.ts';
import { comparisonTerms, type GateEvidence, type HorizonEvidence } from '../../registry/index.ts';
import { loadTrainingMatrix } from '../../train/index.ts';
import type { Context } from '../context.ts';
import { checkHorizons } from '../evaluation-checks.ts';
import { seenExpressions } from '../moved-rows.ts';
import { metricOptions, rowsOfSplits, type ScoredSet, scoreSet } from '../scored-set.ts';
import { segmentReader, toldSegments, type ToldSegments } from '../segment-values.ts';
import { probeSet } from './probe.ts';

/** Resamples for the intervals of each set's own metrics; the comparison has its own number. */
const OWN_RESAMPLES = 200;

/** The champion, or why it cannot be measured. */
export type Rival = LoadedSet | { readonly id: number; readonly unusable: string };

/** Measures on the rows of one version of the training set. HF504 where the set does not fit the pack. */
export async function measure(
  context: Context,
  candidate: LoadedSet,
  champion: Rival | undefined,
  present: Snapshot | undefined,
): Promise<GateEvidence> {
  const { pack, progress } = context;
  const { horizons } = pack.file;
  if (!contractFits(candidate.set, pack))
    throw new HoldfastError('HF504', {
      message: `model set ${String(candidate.set.id)} was trained on another feature contract than the pack has now`,
      hint: 'train again (holdfast train), or use the pack the set was trained with',
    });
  checkHorizons(candidate, horizons);
  const unusable = champion === undefined ? null : unusableReason(context, champion);
  if (unusable !== null) progress.warn(`the champion cannot be measured: ${unusable}`);
  const rival = champion === undefined || 'id' in champion || unusable !== null ? undefined : champion;
  const seen = [
    await seenExpressions(context, candidate, present, 'own'),
    ...(rival === undefined ? [] : [await seenExpressions(context, rival, present, 'rival')]),
  ];
  const flags = horizons.map((days) => seenBy(seen, days));
  const task = progress.start('measure on the test rows', {
    total: rival === undefined ? 1 : 2,
    unit: 'sets',
  });
  const own = await readAndScore(context, candidate, flags);
  task.update(1);
  const other =
    rival === undefined
      ? undefined
      : sameEncoding(candidate, rival)
        ? await rescored(context, rival, own)
        : await readAndScore(context, rival, flags);
  if (rival !== undefined) task.update(2);
  task.done();
  const probe = await probeSet(context, candidate);
  const measuring = progress.start('compare', { total: horizons.length, unit: 'horizons' });
  const compared: HorizonEvidence[] = [];
  for (const [index, model] of candidate.models.entries()) {
    const measured = measureHorizon(context, { index, model, own, other, flag: flags[index] ?? null });
    compared.push({ ...measured, skew: probe.skew[index] ?? { rows: 0, largestDifference: null } });
    measuring.update(index + 1);
    // Progress is drawn and an interruption heard between horizons: the work itself does not yield.
    await new Promise(setImmediate);
    if (context.signal?.aborted === true)
      throw new HoldfastError('HF930', { message: 'the measurement was interrupted' });
  }
  measuring.done();
  return {
    hasChampion: champion !== undefined,
    championUnusable: unusable,
    horizons: compared,
    smoke: probe.smoke,
    singleRowMs: probe.singleRowMs,
  };
}

/** Why the champion cannot answer for the rows of today; null where it can. */
function unusableReason({ pack }: Context, champion: Rival): string | null {
  if ('id' in champion) return champion.unusable;
  return contractFits(champion.set, pack)
    ? null
    : 'the champion was trained on another feature contract than the pack has now';
}

/** An expression that is 1 for rows that one of the sets has seen; null where nobody can tell of one of them. */
function seenBy(sets: readonly ReadonlyMap<number, string | null>[], days: number): string | null {
  const known = sets.map((expressions) => (expressions.has(days) ? (expressions.get(days) ?? null) : '0'));
  return known.includes(null) ? null : `greatest(${known.join(', ')})`;
}

/** A set with the test rows as its models see them. */
interface MeasuredSet {
  readonly set: LoadedSet;
  readonly scored: ScoredSet;
  readonly segments: ToldSegments;
}

const sameEncoding = (one: LoadedSet, other: LoadedSet): boolean =>
  hashOf(one.models[0]?.encoding) === hashOf(other.models[0]?.encoding);

async function readAndScore(
  context: Context,
  set: LoadedSet,
  flags: readonly (string | null)[],
): Promise<MeasuredSet> {
  const { engine, pack, learner } = context;
  const encoding = set.models[0]?.encoding;
  if (encoding === undefined) throw new HoldfastError('HF503', { message: 'the model set has no models' });
  const segments = toldSegments(engine, encoding, pack.file.evaluation.segments);
  const matrix = await loadTrainingMatrix(
    engine,
    encoding,
    TRAINING_TABLE,
    pack.file.entity.key,
    pack.file.horizons.map((days) => ({ days, label: labelColumn(days), split: splitColumn(days) })),
    [...flags.map((flag) => flag ?? '0'), ...segments.expressions],
    ['test'],
  );
  return { set, scored: await scoreSet(learner, set, matrix), segments };
}

/** The same rows, which both sets see alike, scored by the other one. */
async function rescored({ learner }: Context, set: LoadedSet, own: MeasuredSet): Promise<MeasuredSet> {
  return { ...own, set, scored: await scoreSet(learner, set, own.scored.matrix) };
}

interface MeasuredHorizon {
  readonly index: number;
  readonly model: StoredModel;
  readonly own: MeasuredSet;
  /** The champion's. */
  readonly other: MeasuredSet | undefined;
  /** By which rows that one of the two was trained on are left out; null where nobody can tell. */
  readonly flag: string | null;
}

function measureHorizon(
  { pack, config }: Context,
  { index, model, own, other, flag }: MeasuredHorizon,
): Omit<HorizonEvidence, 'skew'> {
  const { evaluation, promotion } = pack.file;
  const { seed } = config.learner;
  const { horizonDays } = model;
  const isSeen = own.scored.matrix.extra[index];
  const all = rowsOfSplits(own.scored, index, 'test');
  const rows = rowsThat((row) => isSeen?.[row] !== 1, all);
  const rowsLeftOut = flag === null ? null : all.labels.length - rows.labels.length;
  const metricsOf = (measured: TestRows, { decision }: StoredModel): SplitMetrics =>
    measured.labels.length === 0 && all.labels.length > 0
      ? { reason: 'the models were trained on all of these rows' }
      : evaluateSplit(measured, {
          ...metricOptions(evaluation, decision),
          resamples: OWN_RESAMPLES,
          seed,
        });
  const test = metricsOf(rows, model);
  const place = other?.set.models.findIndex((rival) => rival.horizonDays === horizonDays) ?? -1;
  const rival = other?.set.models[place];
  if (other === undefined || rival === undefined)
    return { horizonDays, test, isUnchanged: false, championTest: null, comparison: null, rowsLeftOut };
  const rivalRows = rivalRowsOf(other, index, place, rows);
  const championTest = metricsOf(rivalRows, rival);
  const isUnchanged = rival.contentHash === model.contentHash;
  const common = { horizonDays, test, isUnchanged, championTest, rowsLeftOut };
  if (isUnchanged) return { ...common, comparison: null };
  if (!('rows' in test)) return { ...common, comparison: { reason: test.reason } };
  const comparison = compareModels({
    rows,
    challenger: { ...rows, ...thresholdOf(evaluation, model) },
    champion: { ...rivalRows, ...thresholdOf(evaluation, rival) },
    segments: evaluation.segments.map((segment) => ({
      segment,
      valueOf: segmentReader(own.scored.matrix, model.encoding, own.segments, segment, rows.matrixRows),
    })),
    terms: comparisonTerms(promotion),
    resamples: promotion.resamples,
    options: { campaign: evaluation.campaign, seed },
    least: evaluation.segment_least,
  });
  return { ...common, comparison };
}

/** The champion's scores of the same rows, which its own matrix must hold in the same places. */
function rivalRowsOf({ scored }: MeasuredSet, horizon: number, model: number, rows: TestRows): TestRows {
  const places = new Map(Array.from(scored.evaluationRows, (row, place) => [row, place]));
  const column = (of: readonly Float64Array[]): Float64Array =>
    Float64Array.from(rows.matrixRows, (row) => of[model]?.[places.get(row) ?? -1] ?? Number.NaN);
  const labels = scored.matrix.horizons[horizon]?.labels;
  rows.matrixRows.forEach((row, position) => {
    const isSame =
      scored.matrix.entities[row] === rows.entities[position] && labels?.[row] === rows.labels[position];
    if (!isSame)
      throw new HoldfastError('HF900', {
        message: 'challenger and champion were not given the same test rows',
      });
  });
  return { ...rows, rawScores: column(scored.rawScores), probabilities: column(scored.probabilities) };
}

type TestRows = ReturnType<typeof rowsOfSplits>;

/** The rows of which something holds, by their index in the matrix. */
function rowsThat(holds: (row: number) => boolean, rows: TestRows): TestRows {
  const positions = [...rows.matrixRows.keys()].filter((position) =>
    holds(rows.matrixRows[position] as number),
  );
  return {
    ...takePositions(rows, positions),
    matrixRows: Uint32Array.from(positions, (position) => rows.matrixRows[position] as number),
  };
}

function thresholdOf(evaluation: EvaluationSettings, { decision }: StoredModel): { threshold?: number } {
  const { threshold } = metricOptions(evaluation, decision);
  return threshold === undefined ? {} : { threshold };
}
