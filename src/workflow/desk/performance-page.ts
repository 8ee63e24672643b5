/** Whether the models can be trusted, and where not. */
import { SCORES_TABLE } from '../../decide/index.ts';
import { type LakeView, meanValue, type Performance, readTrend } from '../../desk/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import { labelColumn, LABELS_TABLE } from '../../prepare/index.ts';
import type { GateVerdict, RegistryEvent } from '../../registry/index.ts';
import type { HorizonEvaluation, SetEvaluation } from '../evaluate-step.ts';
import { evaluationFile } from '../evaluation-file.ts';
import { readEvidence } from '../models/evidence.ts';
import { nameOf } from '../models/verdict-text.ts';
import { readDocument } from '../report-document.ts';
import { evaluatedHorizon, trainedHorizon } from './evaluated-horizons.ts';
import { observedDay, type PageParts, type SetFacts } from './page-parts.ts';

/** Where nothing was trained or scored yet, what is not there is empty and said so. */
export async function readPerformance(parts: PageParts): Promise<Performance> {
  const { pack, registry, views } = parts;
  const { champion, challenger } = await registry.state();
  const events = await registry.events();
  const set = champion === null ? undefined : await parts.setFacts(champion);
  const scores = await views.newest(SCORES_TABLE);
  const { contact_cost, offer_cost, acceptance } = pack.file.value;
  const { card } = pack.file;
  return {
    model_set: champion,
    trained_at: set?.models[0]?.provenance.createdAt ?? null,
    ...(await evaluated(parts, champion, set)),
    observed_to: await observedDay(parts),
    trend: scores === undefined ? [] : await trendOf(parts, scores),
    economics: {
      contact_cost,
      offer_cost,
      acceptance,
      mean_value: scores === undefined ? null : await meanValue(views.engine, scores),
    },
    champion: champion === null ? null : { set: champion, ...crowning(events, champion) },
    challenger: challenger === null ? null : { set: challenger },
    ...(await lastVerdict(parts, events)),
    card: { intended_use: card?.intended_use ?? null, limits: card?.limits ?? [] },
  };
}

/** Rows without dates tell who has left before the scoring, and nothing of those who were scored. */
const trendOf = async ({ views, pack }: PageParts, scores: LakeView): Promise<Performance['trend']> =>
  readTrend({
    engine: views.engine,
    pack,
    scores,
    labels: pack.file.time === undefined ? undefined : await views.newest(LABELS_TABLE),
    labelColumn,
  });

type Evaluated = Pick<Performance, 'evaluated_at' | 'evaluation_missing' | 'horizons'>;

async function evaluated(
  { folders, pack }: PageParts,
  champion: number | null,
  set: SetFacts | undefined,
): Promise<Evaluated> {
  if (champion === null)
    return nothing(
      'no model set is in use: holdfast run trains one, holdfast models promote puts it into use',
    );
  if (set === undefined)
    return nothing(
      `the files of model set ${String(champion)} cannot be read: holdfast models verify says why`,
    );
  const written = await readDocument<SetEvaluation>(evaluationFile({ folders }, champion), 'evaluation');
  if (written?.setHash === set.hash && Array.isArray(written.horizons) && written.evaluatedAt !== undefined) {
    const horizons = written.horizons as readonly HorizonEvaluation[];
    return {
      evaluated_at: written.evaluatedAt,
      evaluation_missing: null,
      horizons: horizons.map((horizon) => evaluatedHorizon(pack, horizon)),
    };
  }
  return {
    evaluated_at: null,
    evaluation_missing: `model set ${String(champion)} was not evaluated yet: deciles, calibration, the curve, segments and baselines come with holdfast evaluate`,
    horizons: set.models.map(trainedHorizon),
  };
}

const nothing = (why: string): Evaluated => ({ evaluated_at: null, evaluation_missing: why, horizons: [] });

/** When, and by whom, a set came into use last. */
function crowning(
  events: readonly RegistryEvent[],
  champion: number,
): { promoted_at: string | null; by: string | null } {
  const event = events.findLast(
    ({ before, after }) => after.champion === champion && before.champion !== champion,
  );
  return { promoted_at: event?.at ?? null, by: event?.by ?? null };
}

/** What the gates said when they were asked last, and of which set. */
async function lastVerdict(
  { registry }: PageParts,
  events: readonly RegistryEvent[],
): Promise<Pick<Performance, 'gates_set' | 'gates'>> {
  const event = events.findLast((candidate) => 'evidence' in candidate);
  if (event === undefined || !('evidence' in event)) return { gates_set: null, gates: [] };
  const { set } = event;
  try {
    const { verdicts } = await readEvidence(registry, event.evidence);
    return { gates_set: set, gates: verdicts.map(shownVerdict) };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const wanted = 'the file as it was written';
    return { gates_set: set, gates: [{ name: 'evidence', has_passed: false, wanted, found: error.message }] };
  }
}

function shownVerdict(verdict: GateVerdict): Performance['gates'][number] {
  const { value, limit, compare, passed, reason } = verdict;
  const measured = value === null ? [] : [figure(value)];
  const why = reason === undefined ? [] : [reason];
  return {
    name: nameOf(verdict),
    has_passed: passed,
    wanted: limit === null ? '' : `${compare.replace('_', ' ')} ${figure(limit)}`,
    found: [...measured, ...why].join('; ') || 'not known',
  };
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));
