/** Scores of the broadband pack that are made up: several dates, three horizons, and values at every bound. */
import { openDuckDb } from '../../src/engine/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { openLake } from '../../src/lake/index.ts';
import type { Pack } from '../../src/pack/index.ts';

export interface MadeScores {
  /** Folder of the lake. */
  readonly lake: string;
  readonly pack: Pack;
  readonly rows: number;
  readonly date: string;
  /** Another seed makes other scores of the same entities. */
  readonly seed?: number;
  /** Writes the features of the date too; false where they are there. */
  readonly withFeatures?: boolean;
}

/** Ids that somebody might take for SQL, for a pattern, for a path or for a formula. */
export const ODD_IDS = ["O'Brien", '100%', 'a_b', '=1+1', 'x"; DROP TABLE t', 'ä/ö?x=1&y#z', '-7', 'C%25'];

const TIERS = ['RED', 'AMBER', 'YELLOW', 'GREEN'];

/** Writes one score date. */
export async function writeMadeScores(made: MadeScores): Promise<void> {
  const { pack, rows, date, seed = 0, withFeatures = true } = made;
  await using engine = await openDuckDb();
  const lake = openLake({ root: made.lake, engine, clock: systemClock });
  const key = pack.file.entity.key;
  const odd = ODD_IDS.map((id) => engine.literal(id)).join(', ');
  const random = (salt: number): string => `((hash(i, ${String(salt + seed * 100)}) % 1000003) / 1000003.0)`;
  const id = `CASE WHEN i < ${String(ODD_IDS.length)} THEN [${odd}][CAST(i AS INTEGER) + 1] ELSE 'C' || lpad(CAST(i AS VARCHAR), 7, '0') END`;
  const day = `DATE '${date}'`;
  // Every tenth row lies at a bound of bins and bands.
  const probability = (share: string): string =>
    `CASE WHEN i % 10 = 0 THEN CAST([0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.35, 0.5, 0.95, 1][CAST(i // 10 % 10 AS INTEGER) + 1] AS DOUBLE) ELSE ${share} END`;
  const tierOf = `CASE WHEN ${random(4)} < 0.05 THEN 0 WHEN ${random(4)} < 0.15 THEN 1 WHEN ${random(4)} < 0.3 THEN 2 ELSE 3 END`;
  const play = (field: 'action' | 'owner' | 'sla'): string =>
    `[${TIERS.map((tier) => engine.literal(pack.playbook.tiers[tier]?.[field] ?? '')).join(', ')}][tier + 1] AS ${field}`;
  const info = {
    runId: 'test',
    operation: 'SCORE',
    inputs: {},
    holdfast: { scoreDate: date, modelSet: seed + 1 },
  };
  if (withFeatures) {
    const columns = Object.entries(pack.features).map(([name, { type }], index) =>
      type === 'categorical'
        ? `CASE WHEN hash(i, ${String(index)}) % 9 = 0 THEN NULL ELSE ['A "quoted"', 'B', 'C, with a comma'][CAST(hash(i, ${String(index)}) % 3 AS INTEGER) + 1] END AS ${name}`
        : `CAST(hash(i, ${String(index)}) % 7 AS DOUBLE) AS ${name}`,
    );
    await lake.write(
      pack.file.features.table,
      `SELECT ${id} AS ${key}, ${day} AS observation_date, ${columns.join(', ')} FROM range(${String(rows)}) AS numbers(i)`,
      { mode: 'append', properties: {}, info: { ...info, operation: 'BUILD' } },
    );
  }
  const { version } = await lake.snapshot(pack.file.features.table);
  const scores = `
    WITH drawn AS (
      SELECT i, ${id} AS id, CAST(${tierOf} AS INTEGER) AS tier,
        ${probability(`pow(${random(1)}, 4)`)} AS p30, ${probability(`pow(${random(1)}, 3)`)} AS p60,
        ${probability(`pow(${random(1)}, 2)`)} AS p90,
        CASE WHEN i % 17 = 3 THEN NULL ELSE round(${random(2)} * 1000, 2) END AS remaining
      FROM range(${String(rows)}) AS numbers(i)
    )
    SELECT id AS ${key}, ${day} AS score_date,
      ${pack.file.horizons.map((days) => `p${String(days)} AS probability_${String(days)}d, p${String(days)} / 2 + 0.25 AS risk_score_${String(days)}d, CAST(least(10, floor(p${String(days)} * 10) + 1) AS INTEGER) AS risk_decile_${String(days)}d, p${String(days)} * 8 - 4 AS raw_score_${String(days)}d`).join(', ')},
      [${TIERS.map((tier) => engine.literal(tier)).join(', ')}][tier + 1] AS risk_tier,
      ${(['action', 'owner', 'sla'] as const).map(play).join(', ')},
      CASE WHEN tier < 3 THEN CAST(${day} + [1, 7, 30][tier + 1] * INTERVAL '1 day' AS TIMESTAMPTZ) END AS contact_by,
      remaining AS remaining_value, remaining * p90 AS value_at_risk, remaining * p90 * 0.25 - 4 AS expected_gain,
      '${pack.file.value.currency}' AS currency, CAST(${String(seed + 1)} AS INTEGER) AS model_set,
      CAST(${String(version)} AS BIGINT) AS feature_version, '${pack.hash}' AS pack_hash,
      CASE WHEN tier < 3 THEN '=SUM(1) "quoted", ' || chr(10) || 'reason of ' || id END AS reason_1,
      CASE WHEN tier < 2 THEN 'Second' END AS reason_2, CAST(NULL AS VARCHAR) AS reason_3,
      CASE WHEN tier < 3 THEN 'speed' END AS driver_1, CAST(NULL AS VARCHAR) AS driver_2,
      CAST(NULL AS VARCHAR) AS driver_3, CASE WHEN tier = 0 THEN '@offer' END AS intervention
    FROM drawn`;
  await lake.write('gold.churn_scores', scores, {
    mode: 'replace-partitions',
    partitionBy: ['score_date'],
    partitions: [{ score_date: date }],
    properties: {},
    info,
  });
}
