import { type CalendarDate, rollingBoundaries, type SplitBoundaries } from '../domain/index.ts';
import { type Engine, textOf } from '../engine/index.ts';
import { groupDigits, hashOf, HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import { freshnessOf, type Lake } from '../lake/index.ts';
import type { Pack } from '../pack/index.ts';
import { labelColumn, labelSelect, undatedLabelSelect } from './labels.ts';
import { observedTo } from './observed.ts';
import { columnSplit, datedSplitColumns, leftOutColumn, splitColumn, undatedGroups } from './split.ts';

export const LABELS_TABLE = 'gold.churn_labels';
export const TRAINING_TABLE = 'gold.churn_training_set';

export interface PrepareParts {
  readonly engine: Engine;
  readonly lake: Lake;
  readonly pack: Pack;
  readonly runId: string;
  /** The last complete day of data where a setting overrides what the pack says. */
  readonly observedTo?: string;
  /** The day on which an undated pack is observed. */
  readonly deliveryDay?: string;
  /** Salt of the split of undated rows. */
  readonly seed: number;
  readonly progress?: Progress;
}

export interface PreparedTable {
  readonly table: string;
  readonly action: 'built' | 'unchanged';
  readonly reason: string;
  readonly version: number;
  readonly rows: number;
}

/** Rows of the training set by horizon, split or reason for being left out. */
export interface SplitCount {
  readonly horizon: number;
  /** train, stop, calibrate, test, or null for rows that are left out. */
  readonly split: string | null;
  readonly leftOut: string | null;
  readonly rows: number;
  readonly positives: number;
}

export interface Prepared {
  readonly tables: readonly PreparedTable[];
  readonly observedTo: string;
  readonly counts: readonly SplitCount[];
}

/** Makes labels and the training set from the features; rows left out stay in it with the reason. */
export async function prepare(parts: PrepareParts): Promise<Prepared> {
  const { engine, lake, pack } = parts;
  const { time, undated } = pack.file;
  const labelInputs =
    time === undefined
      ? [undated?.table ?? '']
      : [time.spine.table, time.event.table, ...observedTable(pack)];
  const attached = [...new Set(labelInputs)];
  await lake.attach(attached);
  const observed = time === undefined ? (parts.deliveryDay ?? '') : await observedDay(parts);
  const labels = await makeTable(parts, {
    table: LABELS_TABLE,
    inputs: attached,
    definition: { time, undated, horizons: pack.file.horizons, observed },
    notes: { observedTo: observed },
    grain: `one row a ${pack.file.entity.name} and observation date`,
    description: 'Whether the event followed within each horizon; NULL where that is not known yet.',
    select: () =>
      Promise.resolve(
        time === undefined ? undatedLabelSelect(engine, pack, observed) : labelSelect(engine, pack, observed),
      ),
  });
  const training = await makeTable(parts, {
    table: TRAINING_TABLE,
    inputs: [pack.file.features.table, LABELS_TABLE],
    definition: { time, undated, horizons: pack.file.horizons, seed: time === undefined ? parts.seed : null },
    grain: `one row a ${pack.file.entity.name} and observation date`,
    description: 'Features with labels and, a horizon, the split of the row or why it is left out.',
    select: () => trainingSelect(parts),
    mostRows: labels.rows,
  });
  return { tables: [labels, training], observedTo: observed, counts: await splitCounts(parts) };
}

async function observedDay({ engine, pack, observedTo: override, progress }: PrepareParts): Promise<string> {
  const { day, rowsAfter } = await observedTo(engine, pack, override);
  if (rowsAfter > 0)
    progress?.warn(
      `the last complete day of data is ${day}: ${groupDigits(rowsAfter)} rows after it are too few for complete days`,
    );
  return day;
}

const observedTable = (pack: Pack): string[] => {
  const setting = pack.file.time?.observed_to;
  return setting === undefined || typeof setting === 'string' ? [] : [setting.table];
};

interface Recipe {
  readonly table: string;
  readonly inputs: readonly string[];
  readonly definition: unknown;
  readonly grain: string;
  readonly description: string;
  readonly select: () => Promise<string>;
  /** More rows than these mean that a join met repeated keys. */
  readonly mostRows?: number;
  /** Kept in the commit beside the definition. */
  readonly notes?: Readonly<Record<string, string>>;
}

async function makeTable(parts: PrepareParts, recipe: Recipe): Promise<PreparedTable> {
  const { lake, pack, runId } = parts;
  const definition = hashOf(recipe.definition);
  const state = await freshnessOf(lake, recipe.table, definition, recipe.inputs);
  if (state.reason === undefined)
    return {
      table: recipe.table,
      action: 'unchanged',
      reason: 'same settings, same inputs',
      version: state.version,
      rows: state.rows,
    };
  const task = (parts.progress ?? silentProgress).start(`prepare ${recipe.table}`, { total: 100, unit: '%' });
  await lake.attach(recipe.inputs, state.inputs);
  const snapshot = await lake.write(recipe.table, await recipe.select(), {
    mode: 'overwrite',
    description: recipe.description,
    properties: {
      quality: 'gold',
      grain: recipe.grain,
      keys: `${pack.file.entity.key}, observation_date`,
      description: recipe.description,
    },
    onProgress: (share) => {
      task.update(Math.round(share * 100));
    },
    info: { runId, operation: 'PREPARE', inputs: state.inputs, holdfast: { definition, ...recipe.notes } },
    expectedVersion: state.version,
    beforeCommit: ({ rows }) => checkNotMultiplied(pack, recipe, rows),
  });
  task.done(`${groupDigits(snapshot.rows)} rows`);
  return {
    table: recipe.table,
    action: 'built',
    reason: state.reason,
    version: snapshot.version,
    rows: snapshot.rows,
  };
}

/** A repeated entity and observation date would count several times in training, squared by the joins. */
function checkNotMultiplied(pack: Pack, { table, mostRows }: Recipe, rows: number): Promise<void> {
  if (mostRows === undefined || rows <= mostRows) return Promise.resolve();
  const { key } = pack.file.entity;
  throw new HoldfastError('HF207', {
    message: `${table} would have ${groupDigits(rows)} rows for ${groupDigits(mostRows)} snapshots: ${key} is repeated within an observation date`,
    hint:
      `keep one row a ${pack.file.entity.name} and date in the SQL of ${pack.file.time?.spine.table ?? pack.file.undated?.table ?? 'the pack'}` +
      (pack.file.undated === undefined ? '' : ', or set cleaning.repeated_keys to keep_first in pack.yaml'),
    place: { field: key },
  });
}

async function trainingSelect(parts: PrepareParts): Promise<string> {
  const { engine, pack, seed } = parts;
  const { time, undated, horizons } = pack.file;
  const key = engine.identifier(pack.file.entity.key);
  const features = Object.keys(pack.features).map((name) => engine.identifier(name));
  const labels = horizons.map(labelColumn);
  const splitValue = undated?.split.method === 'column' ? ', labels.split_value' : '';
  const joined = `
    SELECT features.${key}, features.observation_date, ${features.map((name) => `features.${name}`).join(', ')},
      labels.at_risk, ${labels.map((name) => `labels.${name}`).join(', ')}${splitValue}
    FROM ${pack.file.features.table} AS features
    JOIN ${LABELS_TABLE} AS labels
      ON labels.${key} = features.${key} AND labels.observation_date = features.observation_date`;
  const kept = [key, 'observation_date', ...features, 'at_risk', ...labels].join(', ');
  if (time !== undefined) {
    const splits: string[] = [];
    for (const days of horizons)
      splits.push(datedSplitColumns(engine, key, days, await boundariesFor(engine, pack, days)));
    return `SELECT ${kept}, ${splits.join(', ')} FROM (${joined}\n) AS joined`;
  }
  const days = horizons[0];
  if (undated === undefined || days === undefined)
    throw new HoldfastError('HF105', { message: 'the pack has neither time nor undated' });
  const unknown = `WHEN ${labelColumn(days)} IS NULL THEN 'unknown_label'`;
  const groups = undatedGroups(joined, features, days, undated.split, seed);
  if (undated.split.method === 'column') {
    const part = columnSplit(engine, undated.split, 'group_hash');
    return `WITH ${groups}
      SELECT ${kept},
        CASE WHEN ${labelColumn(days)} IS NOT NULL THEN ${part} END AS ${splitColumn(days)},
        CASE ${unknown} WHEN ${part} IS NULL THEN 'no_split' END AS ${leftOutColumn(days)}
      FROM grouped`;
  }
  return `WITH ${groups}
    SELECT ${kept}, CASE WHEN ${labelColumn(days)} IS NOT NULL THEN parts.part END AS ${splitColumn(days)},
      CASE ${unknown} END AS ${leftOutColumn(days)}
    FROM grouped LEFT JOIN parts ON parts.group_hash = grouped.group_hash`;
}

/** The split boundaries of a horizon: fixed dates, or the newest labelled months. */
async function boundariesFor(engine: Engine, pack: Pack, days: number): Promise<SplitBoundaries> {
  const split = pack.file.time?.split;
  if (split === undefined) throw new HoldfastError('HF105', { message: 'the pack has no time section' });
  if (split.method === 'fixed') return { validationFrom: split.validation_from, testFrom: split.test_from };
  const months = await engine.rows(
    `SELECT DISTINCT observation_date FROM ${LABELS_TABLE} WHERE ${labelColumn(days)} IS NOT NULL ORDER BY 1`,
  );
  return rollingBoundaries(months.map((row) => textOf(row['observation_date'])) satisfies CalendarDate[], {
    validation: split.validation,
    test: split.test,
    horizonDays: days,
  });
}

async function splitCounts(parts: PrepareParts): Promise<SplitCount[]> {
  const { engine, lake, pack } = parts;
  await lake.attach([TRAINING_TABLE]);
  const counts: SplitCount[] = [];
  for (const days of pack.file.horizons) {
    const rows = await engine.rows(
      `SELECT ${splitColumn(days)} AS split, ${leftOutColumn(days)} AS left_out, count(*) AS n,
         CAST(coalesce(sum(${labelColumn(days)}), 0) AS BIGINT) AS positives
       FROM ${TRAINING_TABLE} GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    for (const row of rows)
      counts.push({
        horizon: days,
        split: row['split'] === null ? null : textOf(row['split']),
        leftOut: row['left_out'] === null ? null : textOf(row['left_out']),
        rows: Number(row['n']),
        positives: Number(row['positives']),
      });
  }
  return counts;
}
