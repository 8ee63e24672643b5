/** Everything about one entity, for whoever is in contact with it. */
import { SCORES_TABLE } from '../../decide/index.ts';
import {
  type Customer,
  type CustomerRow,
  featureRowOf,
  type ReadModel,
  readTimeline,
  scoreRowsOf,
  type WorkEvent,
} from '../../desk/index.ts';
import { type Row, textOf, type Value } from '../../engine/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { WorkRecord } from '../../work/index.ts';
import type { ScoringAnswer } from '../serving/service.ts';
import { shownContributions } from './contributions.ts';
import { observedDay, type PageParts } from './page-parts.ts';

type ShownValue = Customer['features'][number]['value'];

/**
 * The page of an entity whose row of scores is at hand, from the version of scores that the row is from: all of it is of
 * one scoring. Without `source`, or where that version is gone, from the newest. HF602 before anything was scored, HF603
 * where the scores do not hold it.
 */
export async function readCustomerPage(
  parts: PageParts,
  row: CustomerRow,
  source?: ReadModel['source'],
): Promise<Customer> {
  const { pack, views, engine, work } = parts;
  const { key } = pack.file.entity;
  const pinned = source && (await views.at(SCORES_TABLE, source.version));
  const isSame = pinned !== undefined && pinned.snapshot.id === source?.id;
  const scores = isSame ? pinned : await views.newest(SCORES_TABLE);
  if (scores === undefined)
    throw new HoldfastError('HF602', {
      message: 'nothing was scored yet',
      hint: 'run the main job first: holdfast run',
    });
  const dates = await scoreRowsOf(engine, scores, key, row.id);
  const [newest] = dates;
  if (newest === undefined) throw unknownEntity(pack, row.id);
  const asOf = textOf(newest['day']);
  const features = await scoredFeatures(parts, newest, { entity: row.id, day: asOf });
  const valueOf = (name: string): ShownValue => shownValue(features?.[name]);
  const set = await parts.setFacts(Number(newest['model_set']));
  const observed = await observedDay(parts);
  const until = observed === null || observed < asOf ? asOf : observed;
  const timeline = await readTimeline(views, pack, { entity: row.id, until });
  return {
    as_of: asOf,
    customer: row,
    base_rates: (set?.models ?? []).map(({ horizonDays, statistics }) => ({
      days: horizonDays,
      rate: statistics.baseRate,
    })),
    history: dates.map((scored) => ({
      score_date: textOf(scored['day']),
      tier: textOf(scored['risk_tier']),
      model_set: Number(scored['model_set']),
      probabilities: probabilitiesOf(pack, scored),
    })),
    reasons: reasonsOf(pack, newest, valueOf),
    features: Object.entries(pack.features).map(([name, { label, group, unit }]) => ({
      name,
      label,
      group: group ?? null,
      unit: unit ?? null,
      value: valueOf(name),
    })),
    ...contributionsOf(parts, newest, valueOf),
    timeline: timeline.rows,
    timeline_left_out: timeline.leftOut,
    work_history: work.history(row.id).map(workEvent),
  };
}

export const unknownEntity = ({ file }: Pack, id: string): HoldfastError =>
  new HoldfastError('HF603', {
    message: `there is no ${file.entity.name} ${JSON.stringify(id)} in the newest scores`,
    hint: 'check the id; who has an open event, or has left, is not scored',
  });

/** The features of the version that was scored; of the newest one where that version is gone. */
export async function scoredFeatures(
  { pack, views, engine }: PageParts,
  scored: Row,
  row: { readonly entity: string; readonly day: string },
): Promise<Row | undefined> {
  const { table } = pack.file.features;
  const view = (await views.at(table, Number(scored['feature_version']))) ?? (await views.newest(table));
  return view && (await featureRowOf(engine, view, pack.file.entity.key, row));
}

/** As JSON can hold it. */
function shownValue(value: Value | undefined): ShownValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' || typeof value === 'bigint' ? textOf(value) : value;
}

const probabilitiesOf = ({ file }: Pack, row: Row): Customer['history'][number]['probabilities'] =>
  file.horizons.flatMap((days) => {
    const probability = row[`probability_${String(days)}d`];
    return typeof probability === 'number' ? [{ days, probability }] : [];
  });

/** As they were written beside the score. */
function reasonsOf(pack: Pack, row: Row, valueOf: (name: string) => ShownValue): Customer['reasons'] {
  return [1, 2, 3].flatMap((place) => {
    const text = row[`reason_${String(place)}`];
    const driver = row[`driver_${String(place)}`];
    if (typeof text !== 'string' || typeof driver !== 'string') return [];
    const feature = pack.features[driver];
    return [
      {
        text,
        feature: driver,
        label: feature?.label ?? driver,
        value: valueOf(driver),
        unit: feature?.unit ?? null,
        intervention: pack.playbook.drivers[driver] ?? null,
      },
    ];
  });
}

/** Probabilities that were written and those of now are the same number where they are of the same row and models. */
const TOLERANCE = 1e-9;

/** What explains the score that was written; never one of another row or by other models. */
function contributionsOf(
  { service, pack }: PageParts,
  scored: Row,
  valueOf: (name: string) => ShownValue,
): Pick<Customer, 'contributions' | 'contributions_missing'> {
  const missing = (why: string): Pick<Customer, 'contributions' | 'contributions_missing'> => ({
    contributions: null,
    contributions_missing: why,
  });
  let answer: ScoringAnswer;
  try {
    const entityId = textOf(scored[pack.file.entity.key]);
    answer = service.score({ entityId }, { explain: true, reasons: false, isApart: true });
  } catch (error) {
    if (error instanceof HoldfastError) return missing(error.message);
    throw error;
  }
  const day = textOf(scored['day']);
  const modelSet = Number(scored['model_set']);
  if (answer.modelSet !== modelSet)
    return missing(
      `the scores are of model set ${String(modelSet)}, and set ${String(answer.modelSet)} is in use now: they come with the next scoring`,
    );
  if (answer.featuresAsOf !== day)
    return missing(`the scores are of ${day}, and the newest features of ${String(answer.featuresAsOf)}`);
  const isSame = answer.horizons.every(({ days, probability }) => {
    const written = scored[`probability_${String(days)}d`];
    return typeof written === 'number' && Math.abs(written - probability) <= TOLERANCE;
  });
  if (!isSame)
    return missing('the features have changed since they were scored: they come with the next scoring');
  return {
    contributions: shownContributions(pack, answer, valueOf),
    contributions_missing: null,
  };
}

const workEvent = ({ at, by, action, assignee, until, reason, outcome, note }: WorkRecord): WorkEvent => ({
  at,
  by,
  action,
  assignee,
  until,
  reason,
  outcome,
  note,
});
