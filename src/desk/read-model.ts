/** The newest scores as tables in memory: what the queue and the overview are answered from. */
import { type Engine, textOf } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Lake } from '../lake/index.ts';
import type { Pack } from '../pack/index.ts';

export interface ReadModelParts {
  /** A session that nobody else uses meanwhile, on the database of `lake`. */
  readonly engine: Engine;
  readonly lake: Lake;
  readonly pack: Pack;
  /** Lake table of the scores. */
  readonly scoresTable: string;
  /** Tells this model's tables from those of another one. */
  readonly number: number;
}

/** A feature that stands beside the scores, in a column of its own. */
interface BesideScores {
  readonly name: string;
  readonly label: string;
  readonly column: string;
}

/** Figures of one tier on one score date. */
export interface TierFigures {
  readonly tier: string;
  readonly count: number;
  readonly valueAtRisk: number;
}

/** One set of tables; it never changes but for the state of work. */
export interface ReadModel {
  /** One row an entity, with `place` by value at risk and `id_rank` by id, both from 0. */
  readonly scores: string;
  /** Entities that somebody worked on; see `work-table.ts`. */
  readonly work: string;
  /** Lake table that it was read from: its own id, since another one may get its name, and its version. */
  readonly source: { readonly id: string; readonly version: number };
  readonly asOf: string;
  readonly previous: string | null;
  /** Newest first. */
  readonly scoreDates: readonly string[];
  readonly modelSet: number;
  /** Days, ascending. */
  readonly horizons: readonly number[];
  /** The most urgent first, then the tier of all others, then those that the pack has no more. */
  readonly tiers: readonly string[];
  /** The tiers whose entities somebody contacts. */
  readonly contacted: readonly string[];
  /** With the values that occur; a missing one is the text `missing`. */
  readonly segments: readonly (BesideScores & { readonly values: readonly string[] })[];
  /** Of the table of features: the version that was scored, and the one that stands beside the scores. */
  readonly featureVersions: { readonly scored: number; readonly read: number | null };
  /** Features that action lists show. */
  readonly shown: readonly BesideScores[];
  readonly reasonColumns: readonly string[];
  readonly now: readonly TierFigures[];
  readonly before: readonly TierFigures[] | null;
}

const SCHEMA = 'holdfast_desk';
const MISSING = 'missing';

/** Reads the newest partition of the scores into tables; undefined where nothing was scored yet. */
export async function loadReadModel(parts: ReadModelParts): Promise<ReadModel | undefined> {
  const { engine, lake, pack, scoresTable } = parts;
  if (!(await lake.exists(scoresTable))) return undefined;
  const { id, version, fields } = await lake.snapshot(scoresTable);
  await lake.attach([scoresTable], { [scoresTable]: version });
  const dates = await engine.rows(
    `SELECT CAST(score_date AS STRING) AS day, max(model_set) AS model_set, max(feature_version) AS feature_version
     FROM ${scoresTable} GROUP BY score_date ORDER BY score_date DESC`,
  );
  const scoreDates = dates.map((row) => textOf(row['day']));
  const [asOf, previous = null] = scoreDates;
  if (asOf === undefined) return undefined;
  const columns = new Set(fields.map(({ name }) => name));
  const now = await tierFigures(engine, scoresTable, asOf);
  const before = previous === null ? null : await tierFigures(engine, scoresTable, previous);
  const known = [...pack.file.tiers.ladder.map(({ name }) => name), pack.file.tiers.otherwise];
  // Scores that an earlier pack made may be of tiers that it has no more.
  const tiers = [...new Set([...known, ...[...now, ...(before ?? [])].map(({ tier }) => tier).sort()])];
  const featureVersion = Number(dates[0]?.['feature_version'] ?? 0);
  const features = await attachFeatures(parts, featureVersion);
  const segments = besideScores(pack, pack.file.evaluation.segments, 'segment');
  const shown = besideScores(
    pack,
    [...new Set(Object.values(pack.file.lists).flatMap((list) => list.columns))],
    'feature',
  );
  const model = {
    scores: `${SCHEMA}.scores_${String(parts.number)}`,
    work: `${SCHEMA}.work_${String(parts.number)}`,
    source: { id, version },
    asOf,
    previous,
    scoreDates,
    modelSet: Number(dates[0]?.['model_set'] ?? 0),
    horizons: pack.file.horizons.filter((days) => columns.has(`probability_${String(days)}d`)),
    tiers,
    contacted: pack.file.tiers.ladder.map(({ name }) => name),
    featureVersions: { scored: featureVersion, read: features?.version ?? null },
    shown,
    reasonColumns: ['reason_1', 'reason_2', 'reason_3'].filter((column) => columns.has(column)),
  };
  await engine.execute(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
  const types = features?.types ?? new Map<string, unknown>();
  const select = scoresSelect(parts, { ...model, segments, features: types, columns });
  await engine.execute(`CREATE TABLE ${model.scores} AS ${select}`);
  try {
    return { ...model, segments: await withValues(engine, model.scores, segments), now, before };
  } catch (error) {
    await dropReadModel(engine, model);
    throw error;
  }
}

/** Drops the tables of a model. */
export async function dropReadModel(
  engine: Engine,
  { scores, work }: Pick<ReadModel, 'scores' | 'work'>,
): Promise<void> {
  await engine.execute(`DROP TABLE IF EXISTS ${scores}; DROP TABLE IF EXISTS ${work}`);
}

const besideScores = (pack: Pack, names: readonly string[], kind: string): BesideScores[] =>
  names.map((name, index) => ({
    name,
    label: pack.features[name]?.label ?? name,
    column: `${kind}_${String(index)}`,
  }));

interface AttachedFeatures {
  readonly version: number;
  /** Of the columns. */
  readonly types: ReadonlyMap<string, unknown>;
}

/**
 * Attaches the features that were scored; the newest ones where that version is gone, as the page of an entity does.
 * Undefined where there are none at all.
 */
async function attachFeatures(
  { lake, pack }: ReadModelParts,
  scored: number,
): Promise<AttachedFeatures | undefined> {
  const { table } = pack.file.features;
  for (const versions of [{ [table]: scored }, {}]) {
    try {
      const snapshot = (await lake.attach([table], versions))[table];
      if (snapshot === undefined) continue;
      const types = new Map<string, unknown>(snapshot.fields.map(({ name, type }) => [name, type]));
      return { version: snapshot.version, types };
    } catch (error) {
      const isGone = error instanceof HoldfastError && ['HF301', 'HF302'].includes(error.code);
      if (!isGone) throw error;
    }
  }
  return undefined;
}

interface ScoresShape {
  readonly asOf: string;
  readonly previous: string | null;
  readonly horizons: readonly number[];
  readonly tiers: readonly string[];
  readonly contacted: readonly string[];
  readonly reasonColumns: readonly string[];
  readonly segments: readonly BesideScores[];
  readonly shown: readonly BesideScores[];
  /** Types of the features' columns; empty where there are none to join. */
  readonly features: ReadonlyMap<string, unknown>;
  /** Columns of the scores. */
  readonly columns: ReadonlySet<string>;
}

function scoresSelect({ engine, pack, scoresTable }: ReadModelParts, shape: ScoresShape): string {
  const { asOf, previous, horizons, tiers, contacted, reasonColumns, columns, features } = shape;
  const key = engine.identifier(pack.file.entity.key);
  const day = (date: string): string => `CAST(${engine.literal(date)} AS DATE)`;
  const id = `CAST(newest.${key} AS STRING)`;
  const ofScores = (column: string, type: string): string =>
    columns.has(column) ? `newest.${column}` : `CAST(NULL AS ${type}) AS ${column}`;
  const ofFeatures = (name: string): string =>
    features.has(name) ? `features.${engine.identifier(name)}` : 'NULL';
  // Whole numbers are written without a point, whatever type they come in.
  const toText = (name: string): string =>
    features.get(name) === 'double'
      ? `regexp_replace(CAST(${ofFeatures(name)} AS STRING), '[.]0$', '')`
      : `CAST(${ofFeatures(name)} AS STRING)`;
  const ranks = tiers.map((tier, rank) => `WHEN ${engine.literal(tier)} THEN ${String(rank)}`);
  return `
    WITH newest AS (SELECT * FROM ${scoresTable} WHERE score_date = ${day(asOf)}),
    before AS (
      SELECT ${key}, risk_tier FROM ${scoresTable} WHERE ${previous === null ? 'false' : `score_date = ${day(previous)}`}
    )
    SELECT
      CAST(row_number() OVER (ORDER BY newest.value_at_risk DESC NULLS LAST, ${id}) - 1 AS INTEGER) AS place,
      CAST(row_number() OVER (ORDER BY ${id}) - 1 AS INTEGER) AS id_rank,
      ${id} AS id, newest.risk_tier AS tier, before.risk_tier AS tier_before,
      CAST(CASE newest.risk_tier ${ranks.join(' ')} ELSE ${String(tiers.length)} END AS INTEGER) AS tier_rank,
      newest.risk_tier IN (${contacted.map((tier) => engine.literal(tier)).join(', ')}) AS is_contacted,
      newest.action, newest.owner, newest.sla, newest.contact_by,
      ${horizons
        .flatMap((days) =>
          ['probability', 'risk_score', 'risk_decile', 'raw_score'].map(
            (name) => `newest.${name}_${String(days)}d`,
          ),
        )
        .join(', ')},
      newest.remaining_value, newest.value_at_risk, newest.expected_gain,
      -- Sums of it are the same in whatever order rows are added.
      TRY_CAST(newest.value_at_risk AS DECIMAL(28, 4)) AS exact_value_at_risk,
      ${reasonColumns.map((column) => `newest.${column}, `).join('')}
      ${ofScores('intervention', 'STRING')}
      ${shape.segments.map(({ name, column }) => `, coalesce(${toText(name)}, '${MISSING}') AS ${column}`).join('')}
      ${shape.shown.map(({ name, column }) => `, ${ofFeatures(name)} AS ${column}`).join('')}
    FROM newest
    LEFT JOIN before ON before.${key} = newest.${key}
    ${
      features.size === 0
        ? ''
        : `LEFT JOIN ${pack.file.features.table} AS features ON features.${key} = newest.${key} AND features.observation_date = newest.score_date`
    }
    ORDER BY place`;
}

/** More values than anybody would choose from: the most frequent ones are offered. */
const VALUES_AT_MOST = 200;

async function withValues(
  engine: Engine,
  table: string,
  segments: readonly BesideScores[],
): Promise<ReadModel['segments']> {
  const found: ReadModel['segments'][number][] = [];
  for (const segment of segments) {
    const rows = await engine.rows(
      `SELECT ${segment.column} AS value FROM ${table} GROUP BY ALL ORDER BY count(*) DESC, value LIMIT ${String(VALUES_AT_MOST)}`,
    );
    found.push({ ...segment, values: rows.map((row) => textOf(row['value'])).sort(byValue) });
  }
  return found;
}

/** Numbers by their size, then texts, and what is missing last. */
function byValue(left: string, right: string): number {
  const rank = (value: string): number => (value === MISSING ? 2 : Number.isNaN(Number(value)) ? 1 : 0);
  if (rank(left) !== rank(right)) return rank(left) - rank(right);
  if (rank(left) === 0) return Number(left) - Number(right);
  return left < right ? -1 : 1;
}

async function tierFigures(engine: Engine, scoresTable: string, date: string): Promise<TierFigures[]> {
  const rows = await engine.rows(
    `SELECT risk_tier AS tier, count(*) AS n, sum(TRY_CAST(value_at_risk AS DECIMAL(28, 4))) AS value
     FROM ${scoresTable} WHERE score_date = CAST($date AS DATE) GROUP BY risk_tier`,
    { date },
  );
  return rows.map((row) => ({
    tier: textOf(row['tier']),
    count: Number(row['n']),
    valueAtRisk: Number(row['value'] ?? 0),
  }));
}
