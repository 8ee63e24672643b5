import type { Engine } from '../engine/index.ts';
import { groupDigits, hashOf, type Progress, silentProgress } from '../kernel/index.ts';
import type { Lake } from '../lake/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Decision } from './tiers.ts';

export const SCORES_TABLE = 'gold.churn_scores';

/** Reasons that a row has columns for. */
const REASONS_A_ROW = 3;
const numbered = (name: string): string[] =>
  Array.from({ length: REASONS_A_ROW }, (_, index) => `${name}_${String(index + 1)}`);
/** What the contacted rows say beside the scores, as text; NULL in all others and in scores of older versions. */
export const REASON_COLUMNS = {
  reasons: numbered('reason'),
  drivers: numbered('driver'),
  intervention: 'intervention',
} as const;

/** Why a row is contacted, strongest first; undefined for rows that are not. */
export type RowReasons =
  | readonly {
      readonly text: string;
      /** The feature that the reason speaks of. */
      readonly feature: string;
      readonly intervention: string | null;
    }[]
  | undefined;

/** What a score row can be traced to. */
export interface ScoreOrigin {
  readonly modelSet: number;
  readonly modelSetHash: string;
  readonly featureVersion: number;
  /** Versions of all tables that say who is scored and with what features. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly packHash: string;
}

export interface ScoreTableParts {
  readonly engine: Engine;
  readonly lake: Lake;
  readonly pack: Pack;
  readonly runId: string;
  /** `YYYY-MM-DD`, the partition that is written. */
  readonly scoreDate: string;
  readonly origin: ScoreOrigin;
  /** Hash of everything else that decides a score row: tiers, value, playbook. */
  readonly settingsHash: string;
  readonly progress?: Progress;
}

/** Scores in the order of the key, as the score step made them. */
export interface ScoredColumns {
  readonly horizons: readonly {
    readonly days: number;
    readonly rawScores: Float64Array;
    readonly probabilities: Float64Array;
    readonly riskScores: Float64Array;
    readonly deciles: Uint8Array;
  }[];
  readonly values: Float64Array;
  readonly reasons: readonly RowReasons[];
}

/** Whether the partition of the date holds what these inputs would give. */
export async function scoresAreCurrent(parts: Omit<ScoreTableParts, 'engine'>): Promise<boolean> {
  if (!(await parts.lake.exists(SCORES_TABLE))) return false;
  const newest = (await parts.lake.history(SCORES_TABLE)).findLast(
    ({ info }) => info.holdfast['scoreDate'] === parts.scoreDate,
  );
  return newest?.info.holdfast['definition'] === definitionOf(parts);
}

function definitionOf({ scoreDate, origin, settingsHash }: Omit<ScoreTableParts, 'engine'>): string {
  return hashOf({ scoreDate, origin, settingsHash, reasonColumns: REASON_COLUMNS });
}

/**
 * Writes the scores of one date. `rowsView` must yield the scored entities; row n in the order of the key
 * belongs to element n of the columns.
 */
export async function writeScores(
  parts: ScoreTableParts,
  rowsView: string,
  scored: ScoredColumns,
  decision: Decision,
): Promise<{ rows: number; version: number }> {
  const { engine, lake, pack, scoreDate, origin } = parts;
  const task = (parts.progress ?? silentProgress).start(`write ${SCORES_TABLE}`);
  const columns: Record<string, ArrayLike<number>> = {};
  for (const { days, rawScores, probabilities, riskScores, deciles } of scored.horizons) {
    columns[`probability_${String(days)}d`] = probabilities;
    columns[`risk_score_${String(days)}d`] = riskScores;
    columns[`risk_decile_${String(days)}d`] = deciles;
    columns[`raw_score_${String(days)}d`] = rawScores;
  }
  const scoreColumns = Object.keys(columns);
  await engine.loadNumeric('holdfast_scored', {
    ...columns,
    tier: decision.tiers,
    remaining_value: scored.values,
    value_at_risk: decision.valuesAtRisk,
    expected_gain: decision.expectedGains,
  });
  await engine.loadTexts('holdfast_reasons', reasonTexts(scored.reasons));
  const select = scoreSelect(engine, pack, {
    rowsView,
    scoreDate,
    origin,
    scoreColumns,
    tierNames: decision.tierNames,
  });
  const snapshot = await lake.write(SCORES_TABLE, select, {
    mode: 'replace-partitions',
    partitionBy: ['score_date'],
    partitions: [{ score_date: scoreDate }],
    mayAddColumns: true,
    description:
      'Probabilities, risk scores, tier, action, value at risk and reasons of every entity at risk.',
    properties: { quality: 'gold', grain: `one row a ${pack.file.entity.name} and score date` },
    info: {
      runId: parts.runId,
      operation: 'SCORE',
      inputs: origin.inputs,
      holdfast: { definition: definitionOf(parts), scoreDate, modelSet: origin.modelSet },
    },
  });
  await engine.execute('DROP TABLE holdfast_scored; DROP TABLE holdfast_reasons');
  task.done(`${groupDigits(decision.tiers.length)} rows`);
  return { rows: decision.tiers.length, version: snapshot.version };
}

/** The columns of text of the rows' reasons. */
function reasonTexts(rows: readonly RowReasons[]): Record<string, (string | null)[]> {
  const { reasons, drivers, intervention } = REASON_COLUMNS;
  const columns: Record<string, (string | null)[]> = {};
  reasons.forEach((column, index) => {
    columns[column] = rows.map((row) => row?.[index]?.text ?? null);
  });
  drivers.forEach((column, index) => {
    columns[column] = rows.map((row) => row?.[index]?.feature ?? null);
  });
  columns[intervention] = rows.map(
    (row) => row?.find((reason) => reason.intervention !== null)?.intervention ?? null,
  );
  return columns;
}

interface SelectParts {
  readonly rowsView: string;
  readonly scoreDate: string;
  readonly origin: ScoreOrigin;
  readonly scoreColumns: readonly string[];
  readonly tierNames: readonly string[];
}

function scoreSelect(engine: Engine, pack: Pack, parts: SelectParts): string {
  const key = engine.identifier(pack.file.entity.key);
  const date = `CAST(${engine.literal(parts.scoreDate)} AS DATE)`;
  const tiers = parts.tierNames.map((name, index) => {
    const play = pack.playbook.tiers[name];
    const text = (value: string | undefined): string =>
      value === undefined ? 'NULL' : engine.literal(value);
    const hours = play?.sla_hours === undefined ? 'NULL' : String(play.sla_hours);
    return `(${String(index)}, ${engine.literal(name)}, ${text(play?.action)}, ${text(play?.owner)}, ${text(play?.sla)}, ${hours})`;
  });
  const scores = parts.scoreColumns.map((name) =>
    name.startsWith('risk_decile') ? `CAST(scored.${name} AS INTEGER) AS ${name}` : `scored.${name}`,
  );
  return `
    WITH numbered AS (
      SELECT ${key}, row_number() OVER (ORDER BY ${key}) - 1 AS row_index FROM ${parts.rowsView}
    )
    SELECT
      numbered.${key}, ${date} AS score_date, ${scores.join(', ')},
      tiers.name AS risk_tier, tiers.action, tiers.owner, tiers.sla,
      CAST(CAST(${date} AS TIMESTAMP) + tiers.sla_hours * INTERVAL '1 hour' AS TIMESTAMPTZ) AS contact_by,
      scored.remaining_value, scored.value_at_risk, scored.expected_gain,
      ${engine.literal(pack.file.value.currency)} AS currency,
      CAST(${String(parts.origin.modelSet)} AS INTEGER) AS model_set,
      CAST(${String(parts.origin.featureVersion)} AS BIGINT) AS feature_version,
      ${engine.literal(parts.origin.packHash)} AS pack_hash,
      ${[...REASON_COLUMNS.reasons, ...REASON_COLUMNS.drivers, REASON_COLUMNS.intervention].map((column) => `reasons.${column}`).join(', ')}
    FROM numbered
    JOIN holdfast_scored AS scored ON scored.row_index = numbered.row_index
    JOIN holdfast_reasons AS reasons ON reasons.row_index = numbered.row_index
    JOIN (VALUES ${tiers.join(', ')}) AS tiers(tier, name, action, owner, sla, sla_hours) ON tiers.tier = scored.tier
    ORDER BY numbered.${key}`;
}
