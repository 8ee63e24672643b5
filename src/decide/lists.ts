import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { type Engine, textOf } from '../engine/index.ts';
import { groupDigits, hashOf, type Progress, silentProgress } from '../kernel/index.ts';
import { freshnessOf, type Lake } from '../lake/index.ts';
import type { ActionList, Pack } from '../pack/index.ts';
import { REASON_COLUMNS, SCORES_TABLE } from './scores.ts';
import { spreadsheetSelect } from './spreadsheet.ts';

export interface ListParts {
  readonly engine: Engine;
  readonly lake: Lake;
  readonly pack: Pack;
  readonly runId: string;
  /** Absolute folder of the CSV files. */
  readonly folder: string;
  readonly progress?: Progress;
}

/** Probabilities to a hundredth of a percent, money well below a penny: more would only be harder to read. */
const LIST_DECIMALS = 4;

/** One action list as it was written. */
export interface WrittenList {
  readonly list: string;
  readonly table: string;
  readonly tier: string;
  readonly rows: number;
  /** Of the tier, but beyond the list's capacity. */
  readonly left: number;
  readonly file: string;
  readonly version: number;
  readonly action: 'written' | 'unchanged';
}

/**
 * Cuts the newest scores into the pack's action lists, most urgent first (the tier's horizon by raw
 * score), as lake tables and CSV files that a spreadsheet opens without running a cell.
 */
export async function writeLists(parts: ListParts): Promise<WrittenList[]> {
  const { pack } = parts;
  const lists = Object.entries(pack.file.lists);
  await mkdir(parts.folder, { recursive: true });
  await attachScoredFeatures(parts);
  const written: WrittenList[] = [];
  for (const [name, list] of lists) written.push(await writeList(parts, name, list));
  return written;
}

/** Shows beside a score the features that it was computed from, not those of a build since then. */
async function attachScoredFeatures({ lake, pack }: ListParts): Promise<void> {
  const { table } = pack.file.features;
  const scored = (await lake.snapshot(SCORES_TABLE)).info.inputs[table];
  await lake.attach([table], scored === undefined ? {} : { [table]: scored });
}

async function writeList(parts: ListParts, name: string, list: ActionList): Promise<WrittenList> {
  const { engine, lake, pack } = parts;
  const progress = parts.progress ?? silentProgress;
  const { capacity } = list;
  const inputs = [SCORES_TABLE];
  const horizon =
    pack.file.tiers.ladder.find(({ name: tier }) => tier === list.tier)?.horizon ?? pack.file.horizons[0];
  const definition = hashOf({ list, capacity: capacity ?? null, horizon, reasonColumns: REASON_COLUMNS });
  const state = await freshnessOf(lake, list.table, definition, inputs);
  const attached = await lake.attach(inputs, state.inputs);
  const newest = `(SELECT max(score_date) FROM ${SCORES_TABLE})`;
  const [counted] = await engine.rows(
    `SELECT count(*) AS n, CAST(${newest} AS STRING) AS score_date FROM ${SCORES_TABLE} WHERE risk_tier = $tier AND score_date = ${newest}`,
    { tier: list.tier },
  );
  const total = Number(counted?.['n'] ?? 0);
  const rows = Math.min(total, capacity ?? total);
  const file = path.join(parts.folder, `${name}_${textOf(counted?.['score_date'])}.csv`);
  let { version } = state;
  if (state.reason !== undefined) {
    const scored = new Set(attached[SCORES_TABLE]?.fields.map((field) => field.name));
    const select = listSelect(engine, pack, list, { horizon: horizon ?? 0, capacity, scored });
    const snapshot = await lake.write(list.table, select, {
      mode: 'overwrite',
      description: pack.playbook.tiers[list.tier]?.action ?? list.tier,
      properties: { quality: 'gold', grain: `one row a ${pack.file.entity.name} of tier ${list.tier}` },
      info: { runId: parts.runId, operation: 'LIST', inputs: state.inputs, holdfast: { definition } },
    });
    version = snapshot.version;
  }
  await lake.attach([list.table]);
  const staged = `${file}.${String(process.pid)}.staged`;
  await engine.writeCsv(
    await spreadsheetSelect(engine, list.table, 'list_rank', { decimals: LIST_DECIMALS }),
    staged,
  );
  await rename(staged, file);
  if (total > rows)
    progress.warn(
      `${name}: ${groupDigits(total - rows)} of ${groupDigits(total)} left out, beyond the capacity of ${groupDigits(rows)}`,
    );
  return {
    list: name,
    table: list.table,
    tier: list.tier,
    rows,
    left: total - rows,
    file,
    version,
    action: state.reason === undefined ? 'unchanged' : 'written',
  };
}

function listSelect(
  engine: Engine,
  pack: Pack,
  list: ActionList,
  {
    horizon,
    capacity,
    scored,
  }: {
    readonly horizon: number;
    readonly capacity: number | undefined;
    /** Columns of the score table. */
    readonly scored: ReadonlySet<string>;
  },
): string {
  const key = engine.identifier(pack.file.entity.key);
  const urgency = `raw_score_${String(horizon)}d`;
  const columns = list.columns.map((column) => `features.${engine.identifier(column)}`);
  // Scores that an older version wrote have no reasons until they are scored again.
  const said = (column: string): string =>
    scored.has(column) ? `newest.${column}` : `CAST(NULL AS STRING) AS ${column}`;
  const reasons = [...REASON_COLUMNS.reasons, REASON_COLUMNS.intervention].map(said);
  const drivers = REASON_COLUMNS.drivers.map(said);
  const limit = capacity === undefined ? '' : `WHERE list_rank <= ${String(capacity)}`;
  return `
    WITH newest AS (
      SELECT * FROM ${SCORES_TABLE}
      WHERE risk_tier = ${engine.literal(list.tier)} AND score_date = (SELECT max(score_date) FROM ${SCORES_TABLE})
    ),
    ranked AS (
      SELECT
        CAST(row_number() OVER (ORDER BY newest.${urgency} DESC, newest.${key}) AS INTEGER) AS list_rank,
        newest.${key}, newest.score_date, newest.risk_tier,
        ${pack.file.horizons.map((days) => `newest.probability_${String(days)}d`).join(', ')},
        newest.value_at_risk, newest.remaining_value, ${reasons.join(', ')},
        newest.action, newest.owner, newest.sla, newest.contact_by,
        ${[...columns, ...drivers, 'newest.model_set'].join(', ')}
      FROM newest
      LEFT JOIN ${pack.file.features.table} AS features
        ON features.${key} = newest.${key} AND features.observation_date = newest.score_date
    )
    SELECT * FROM ranked ${limit} ORDER BY list_rank`;
}
