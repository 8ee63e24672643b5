/** The steps of the main job, each a few capabilities joined in order. */
import { build, deliveryDay, type TableOutcome } from '../build/index.ts';
import {
  decide,
  type Decision,
  remainingValueExpression,
  scoresAreCurrent,
  SCORES_TABLE,
  writeLists,
  type WrittenList,
  writeScores,
} from '../decide/index.ts';
import { daysBetween } from '../domain/index.ts';
import { explainContacts } from '../explain/index.ts';
import { ingest, type IngestedSource } from '../ingest/index.ts';
import { groupDigits, hashOf, HoldfastError } from '../kernel/index.ts';
import type { Snapshot } from '../lake/index.ts';
import type { LoadedSet } from '../model/index.ts';
import {
  LABELS_TABLE,
  prepare,
  type Prepared,
  type PreparedTable,
  type SplitCount,
} from '../prepare/index.ts';
import { score, type Scored } from '../score/index.ts';
import { logCleaning } from './cleaning-log.ts';
import type { Context } from './context.ts';
import { checkWholeSnapshot, newestDay, rowsOfDay } from './rows-to-score.ts';
import { setInUse } from './set-in-use.ts';

/** What a step has to say: a line for people and the data behind it. */
export interface StepOutcome<T = unknown> {
  readonly summary: string;
  readonly result: T;
}

export async function ingestStep(context: Context): Promise<StepOutcome<IngestedSource[]>> {
  const { engine, lake, clock, quality, pack, runId, progress, folders } = context;
  try {
    const result = await ingest({
      engine,
      lake,
      clock,
      quality,
      pack,
      runId,
      progress,
      landing: folders.landing,
      temporary: folders.temporary,
    });
    const files = result.reduce((sum, source) => sum + source.taken.length, 0);
    const known = result.reduce((sum, source) => sum + source.known, 0);
    const rows = result.reduce((sum, source) => sum + source.rows, 0);
    await quality.flush();
    return {
      summary: `took ${groupDigits(files)} new files with ${groupDigits(rows)} rows; ${groupDigits(known)} were known`,
      result,
    };
  } catch (error) {
    // What was found belongs in the log even then, but must not hide why the step failed.
    await quality.flush().catch(() => undefined);
    throw error;
  }
}

export interface BuildResult {
  /** Those of the pack, then labels and training set. */
  readonly tables: readonly (TableOutcome | PreparedTable)[];
  readonly observedTo: string;
  readonly splits: readonly SplitCount[];
}

export async function buildStep(context: Context): Promise<StepOutcome<BuildResult>> {
  const { engine, lake, quality, pack, runId, progress, config } = context;
  try {
    const built = await build({ engine, lake, quality, pack, runId, progress });
    const prepared: Prepared = await prepare({
      engine,
      lake,
      pack,
      runId,
      progress,
      seed: config.learner.seed,
      ...(config.time.observed_to === undefined ? {} : { observedTo: config.time.observed_to }),
      ...(pack.file.undated === undefined ? {} : { deliveryDay: await deliveryDay(lake, pack) }),
    });
    const tables = [...built, ...prepared.tables];
    const made = tables.filter(({ action }) => action === 'built').length;
    await quality.flush();
    return {
      summary: `built ${String(made)} tables, ${String(tables.length - made)} unchanged; data known to ${prepared.observedTo}`,
      result: { tables, observedTo: prepared.observedTo, splits: prepared.counts },
    };
  } catch (error) {
    // What was found belongs in the log even then, but must not hide why the step failed.
    await quality.flush().catch(() => undefined);
    throw error;
  }
}

export interface ScoreResult {
  readonly scoreDate: string;
  readonly rows: number;
  readonly notAtRisk: number;
  readonly modelSet: number;
  readonly version: number;
  readonly action: 'written' | 'unchanged';
  readonly tiers: readonly { readonly tier: string; readonly rows: number; readonly valueAtRisk: number }[];
}

/** Scores all entities at risk of the newest snapshot and gives each its tier and action. */
export async function scoreStep(context: Context): Promise<StepOutcome<ScoreResult>> {
  const { engine, lake, pack, runId, progress } = context;
  const set = await setInUse(context);
  const features = pack.file.features.table;
  const attached = await lake.attach([features, LABELS_TABLE]);
  const scoreDate = await newestDay(engine, pack);
  await checkWholeSnapshot(context, scoreDate);
  if (pack.file.time !== undefined) warnStaleEvents(context, scoreDate, attached[LABELS_TABLE]);
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY VIEW rows_to_score AS ${rowsOfDay(engine, pack, scoreDate, 1)}`,
  );
  const [left] = await engine.rows(`SELECT count(*) AS n FROM (${rowsOfDay(engine, pack, scoreDate, 0)})`);

  const parts = {
    engine,
    lake,
    pack,
    runId,
    scoreDate,
    progress,
    origin: {
      modelSet: set.set.id,
      modelSetHash: set.set.hash,
      featureVersion: attached[features]?.version ?? 0,
      inputs: Object.fromEntries(Object.entries(attached).map(([table, { version }]) => [table, version])),
      packHash: pack.hash,
    },
    settingsHash: hashOf({ tiers: pack.file.tiers, value: pack.file.value, playbook: pack.playbook }),
  };
  let action: ScoreResult['action'] = 'unchanged';
  let cleaned: string | undefined;
  if (!(await scoresAreCurrent(parts))) {
    const scored = await score({
      engine,
      learner: context.learner,
      pack,
      set,
      table: 'rows_to_score',
      extra: [`${remainingValueExpression(engine, pack.file.value)} AS remaining_value`],
      progress,
    });
    const values = scored.extra[0] ?? new Float64Array(scored.rows);
    const decision = decide({ horizons: scored.horizons, values }, pack.file.tiers, pack.file.value);
    const reasons = await reasonsOf(context, set, scored, decision);
    await writeScores(parts, 'rows_to_score', { horizons: scored.horizons, values, reasons }, decision);
    action = 'written';
    const [first] = set.models;
    if (first !== undefined)
      cleaned = await logCleaning(context, first.encoding, {
        purpose: 'score',
        modelSet: set.set.id,
        table: 'rows_to_score',
        where: 'true',
      });
  }
  const snapshots = await lake.attach([SCORES_TABLE]);
  const tiers = await tierCounts(context, scoreDate);
  const rows = tiers.reduce((sum, tier) => sum + tier.rows, 0);
  return {
    summary: `${action === 'written' ? 'scored' : 'scores unchanged for'} ${groupDigits(rows)} at ${scoreDate} with model set ${String(set.set.id)}: ${tiers.map(({ tier, rows: n }) => `${tier} ${groupDigits(n)}`).join(', ')}; ${groupDigits(Number(left?.['n'] ?? 0))} not at risk any more${cleaned === undefined ? '' : `; ${cleaned}`}`,
    result: {
      scoreDate,
      rows,
      notAtRisk: Number(left?.['n'] ?? 0),
      modelSet: set.set.id,
      version: snapshots[SCORES_TABLE]?.version ?? 0,
      action,
      tiers,
    },
  };
}

/** Why each row of a tier of the ladder is in it, by the model of the tier's horizon. */
function reasonsOf(
  { pack, progress, openExplainer }: Context,
  set: LoadedSet,
  scored: Scored,
  { tiers }: Decision,
): ReturnType<typeof explainContacts> {
  const { ladder } = pack.file.tiers;
  const contacted = set.models.flatMap(({ horizonDays, modelText }) => {
    const rawScores = scored.horizons.find(({ days }) => days === horizonDays)?.rawScores;
    const rows: number[] = [];
    tiers.forEach((tier, row) => {
      if (ladder[tier]?.horizon === horizonDays) rows.push(row);
    });
    return rawScores === undefined
      ? []
      : [{ days: horizonDays, modelText, rows: Uint32Array.from(rows), rawScores }];
  });
  const [first] = set.models;
  if (first === undefined) throw new HoldfastError('HF503', { message: 'the model set has no models' });
  return explainContacts({
    pack,
    encoding: first.encoding,
    features: scored.features,
    told: scored.told,
    contacted,
    openExplainer,
    progress,
  });
}

/** Days that the newest snapshot may lie after the last complete day of events before scoring is refused. */
const MOST_DAYS_WITHOUT_EVENTS = 7;

/** Features of a snapshot that lies after the events' last complete day miss what happened in between. */
function warnStaleEvents({ progress }: Context, scoreDate: string, labels: Snapshot | undefined): void {
  const observed = labels?.info.holdfast['observedTo'];
  if (typeof observed !== 'string') return;
  const gap = daysBetween(observed, scoreDate) - 1;
  if (gap > MOST_DAYS_WITHOUT_EVENTS)
    throw new HoldfastError('HF207', {
      message: `the newest snapshot is ${scoreDate}, but events are complete only to ${observed}`,
      hint: 'deliver the missing events, take out snapshots with a wrong date, or set time.observed_to',
    });
  if (gap > 0)
    progress.warn(
      `the snapshot of ${scoreDate} is scored with events to ${observed}: ${groupDigits(gap)} days are missing from its features`,
    );
}

async function tierCounts(
  { engine, pack }: Context,
  scoreDate: string,
): Promise<ScoreResult['tiers'][number][]> {
  const rows = await engine.rows(
    `SELECT risk_tier, count(*) AS n, CAST(coalesce(sum(CAST(value_at_risk AS DECIMAL(18, 2))), 0) AS DOUBLE) AS value
     FROM ${SCORES_TABLE} WHERE score_date = CAST($scoreDate AS DATE) GROUP BY risk_tier`,
    { scoreDate },
  );
  const names = [...pack.file.tiers.ladder.map(({ name }) => name), pack.file.tiers.otherwise];
  return names.map((tier) => {
    const row = rows.find((found) => found['risk_tier'] === tier);
    return { tier, rows: Number(row?.['n'] ?? 0), valueAtRisk: Number(row?.['value'] ?? 0) };
  });
}

export async function listsStep(context: Context): Promise<StepOutcome<WrittenList[]>> {
  const { engine, lake, pack, runId, progress, folders } = context;
  const result = await writeLists({ engine, lake, pack, runId, progress, folder: folders.lists });
  const said = result.map(
    ({ list, rows, left }) => `${list} ${groupDigits(rows)}${left > 0 ? ` (${groupDigits(left)} left)` : ''}`,
  );
  return { summary: `lists: ${said.join(', ')}`, result };
}
