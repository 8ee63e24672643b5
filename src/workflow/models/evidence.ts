/** What a promotion rests on: a set and the champion, measured on the same test rows, and what the gates say of it. */
import { compareModels, evaluateSplit, takePositions } from '../../evaluate/index.ts';
import { hashOf, HoldfastError } from '../../kernel/index.ts';
import { contractFits, type LoadedSet, type SplitMetrics, type StoredModel } from '../../model/index.ts';
import type { EvaluationSettings } from '../../pack/index.ts';
import { labelColumn, splitColumn, TRAINING_TABLE } from '../../prepare/index.ts';
import {
  comparisonTerms,
  type EvidenceReference,
  type GateEvidence,
  type GateVerdict,
  type HorizonEvidence,
  judge,
  judgeChampion,
  type Registry,
  skewEvidence,
} from '../../registry/index.ts';
import { loadTrainingMatrix } from '../../train/index.ts';
import type { Context } from '../context.ts';
import { checkHorizons } from '../evaluation-checks.ts';
import { countMovedRows, refuseMovedRows, seenExpressions } from '../moved-rows.ts';
import { metricOptions, rowsOfSplits, type ScoredSet, scoreSet } from '../scored-set.ts';
import { segmentReader, toldSegments, type ToldSegments } from '../segment-values.ts';
import { probeSet } from './probe.ts';

/** The rows and rules that a measurement holds for. */
interface Basis {
  /** Of the training set; another table has another id. */
  readonly tableId: string;
  readonly tableVersion: number;
  /** Hash of gates and promotion settings of the pack. */
  readonly gatesHash: string;
}

export interface Evidence {
  readonly schema: 'holdfast.evidence/1';
  readonly set: number;
  readonly setHash: string;
  readonly champion: number | null;
  readonly measuredAt: string;
  readonly basis: Basis;
  readonly measured: GateEvidence;
  readonly verdicts: readonly GateVerdict[];
  /** The champion by the thresholds that hold today; empty without one. */
  readonly championVerdicts: readonly GateVerdict[];
}

/** Resamples for the intervals of each set's own metrics; the comparison has its own number. */
const OWN_RESAMPLES = 200;

/**
 * Measures a set, and the champion where there is one, on the test rows of the present training set.
 *
 * @throws HF504 where the set does not fit the pack, HF207 where rows of test were used in its training.
 */
export async function gatherEvidence(
  context: Context,
  candidate: LoadedSet,
  champion: LoadedSet | undefined,
): Promise<Evidence> {
  const { pack, clock } = context;
  const measured = await measure(context, candidate, champion);
  const { gates, promotion } = pack.file;
  return {
    schema: 'holdfast.evidence/1',
    set: candidate.set.id,
    setHash: candidate.set.hash,
    champion: champion?.set.id ?? null,
    measuredAt: clock.now().toISOString(),
    basis: await basisOf(context),
    measured,
    verdicts: judge(measured, { gates, promotion }),
    championVerdicts: judgeChampion(measured, { gates, promotion }),
  };
}

async function basisOf({ lake, pack }: Context): Promise<Basis> {
  const { id, version } = await lake.snapshot(TRAINING_TABLE);
  const { gates, promotion, evaluation } = pack.file;
  return { tableId: id, tableVersion: version, gatesHash: hashOf({ gates, promotion, evaluation }) };
}

/** Throws HF508 where test rows or gates are no longer those that the evidence was measured on. */
export async function refuseStale(context: Context, { basis }: Evidence): Promise<void> {
  const now = await basisOf(context);
  if (hashOf(now) === hashOf(basis)) return;
  throw new HoldfastError('HF508', {
    message:
      now.gatesHash === basis.gatesHash
        ? 'the evidence is stale: the training set, and with it the test rows, changed since it was measured'
        : 'the evidence is stale: gates, promotion or evaluation of the pack changed since it was measured',
    hint: 'measure the set again: holdfast models promote',
  });
}

/** Evidence as it was stored. HF503 where it is missing or changed. */
export async function readEvidence(registry: Registry, reference: EvidenceReference): Promise<Evidence> {
  return (await registry.readEvidence(reference)) as Evidence;
}

async function measure(
  context: Context,
  candidate: LoadedSet,
  champion: LoadedSet | undefined,
): Promise<GateEvidence> {
  const { pack, lake, progress } = context;
  const { horizons } = pack.file;
  if (!contractFits(candidate.set, pack))
    throw new HoldfastError('HF504', {
      message: `model set ${String(candidate.set.id)} was trained on another feature contract than the pack has now`,
      hint: 'train again (holdfast train), or use the pack the set was trained with',
    });
  checkHorizons(candidate, horizons);
  const unusable = champion === undefined ? undefined : unusableReason(context, champion);
  if (unusable !== undefined) progress.warn(`the champion cannot be measured: ${unusable}`);
  const rival = unusable === undefined ? champion : undefined;
  const attached = await lake.attach([TRAINING_TABLE]);
  const version = attached[TRAINING_TABLE]?.version ?? 0;
  refuseMovedRows(context, await countMovedRows(context, candidate, version), false);
  const seen = rival === undefined ? [] : await seenExpressions(context, rival, version);
  if (seen.includes(null))
    progress.warn(
      'nobody can tell any more which rows the champion was trained on, since the training set of then is gone: it may be flattered',
    );
  const task = progress.start('measure on the test rows', {
    total: rival === undefined ? 1 : 2,
    unit: 'sets',
  });
  const own = await readAndScore(context, candidate, seen);
  task.update(1);
  const other =
    rival === undefined
      ? undefined
      : sameEncoding(candidate, rival)
        ? await rescored(context, rival, own)
        : await readAndScore(context, rival, seen);
  if (rival !== undefined) task.update(2);
  task.done();
  const probe = await probeSet(context, candidate);
  const measuring = progress.start('compare', { total: horizons.length, unit: 'horizons' });
  const compared: HorizonEvidence[] = [];
  for (const [index, model] of candidate.models.entries()) {
    const measured = measureHorizon(context, { index, model, own, other });
    compared.push({ ...measured, skew: probe.skew[index] ?? skewEvidence([], []) });
    measuring.update(index + 1);
    // Progress is drawn and an interruption heard between horizons: the work itself does not yield.
    await new Promise(setImmediate);
    if (context.signal?.aborted === true)
      throw new HoldfastError('HF930', { message: 'the measurement was interrupted' });
  }
  measuring.done();
  return {
    hasChampion: rival !== undefined,
    horizons: compared,
    smoke: probe.smoke,
    singleRowMs: probe.singleRowMs,
  };
}

/** Why the champion cannot answer for the rows of today; undefined where it can. */
function unusableReason({ pack }: Context, { set, models }: LoadedSet): string | undefined {
  if (!contractFits(set, pack)) return 'it was trained on another feature contract than the pack has now';
  const trained = models.map(({ horizonDays }) => horizonDays).join(', ');
  const { horizons } = pack.file;
  return trained === horizons.join(', ')
    ? undefined
    : `its horizons are ${trained}, those of the pack ${horizons.join(', ')}`;
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
  seen: readonly (string | null)[],
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
    [...seen.map((expression) => expression ?? '0'), ...segments.expressions],
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
}

function measureHorizon(
  { pack, config }: Context,
  { index, model, own, other }: MeasuredHorizon,
): Omit<HorizonEvidence, 'skew'> {
  const { evaluation, promotion } = pack.file;
  const { seed } = config.learner;
  const rival = other?.set.models[index];
  const testMetrics = ({ scored }: MeasuredSet, { decision }: StoredModel): SplitMetrics =>
    evaluateSplit(rowsOfSplits(scored, index, 'test'), {
      ...metricOptions(evaluation, decision),
      resamples: OWN_RESAMPLES,
      seed,
    });
  const { horizonDays } = model;
  const test = testMetrics(own, model);
  if (other === undefined || rival === undefined)
    return { horizonDays, test, isUnchanged: false, championTest: null, comparison: null };
  const championTest = testMetrics(other, rival);
  const isUnchanged = rival.contentHash === model.contentHash;
  if (isUnchanged) return { horizonDays, test, isUnchanged, championTest, comparison: null };
  // Rows that the champion learnt from would flatter it; they are left out for both.
  const seenFlags = own.scored.matrix.extra[index];
  const isUnseen = (row: number): boolean => seenFlags?.[row] !== 1;
  const rows = rowsThat(isUnseen, rowsOfSplits(own.scored, index, 'test'));
  const rivalRows = rowsThat(isUnseen, rowsOfSplits(other.scored, index, 'test'));
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
  return { horizonDays, test, isUnchanged, championTest, comparison };
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
