/** Scores over their dates, beside what became of those who were scored. */
import { addDays } from '../domain/index.ts';
import { type Engine, textOf } from '../engine/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Performance } from './contract.ts';
import type { LakeView } from './lake-views.ts';

export interface TrendParts {
  readonly engine: Engine;
  readonly pack: Pack;
  readonly scores: LakeView;
  /** Undefined where outcomes are none of those who are scored: rows without dates say who has left already. */
  readonly labels: LakeView | undefined;
  /** Column of a horizon's label. */
  readonly labelColumn: (days: number) => string;
}

/** Oldest date first. A rate is there once the outcome of everybody scored is known. */
export async function readTrend(parts: TrendParts): Promise<Performance['trend']> {
  const { engine, pack, scores, labels, labelColumn } = parts;
  const horizons = horizonsOf(pack, scores);
  const key = engine.identifier(pack.file.entity.key);
  // A horizon that the pack got after the labels were written has no outcomes yet.
  const known = horizons.filter((days) =>
    labels?.snapshot.fields.some(({ name }) => name === labelColumn(days)),
  );
  const columns = horizons.map((days) => `avg(scores.probability_${String(days)}d) AS mean_${String(days)}`);
  const outcomes = known.flatMap((days) => [
    `count(labels.${labelColumn(days)}) AS known_${String(days)}`,
    `CAST(sum(labels.${labelColumn(days)}) AS BIGINT) AS left_${String(days)}`,
  ]);
  const joined =
    labels === undefined
      ? ''
      : `LEFT JOIN ${labels.name} AS labels
           ON labels.${key} = scores.${key} AND labels.observation_date = scores.score_date`;
  const rows = await engine.rows(
    `SELECT ${['CAST(scores.score_date AS STRING) AS day', 'max(scores.model_set) AS model_set', 'count(*) AS scored', ...columns, ...outcomes].join(', ')}
     FROM ${scores.name} AS scores ${joined} GROUP BY scores.score_date ORDER BY scores.score_date`,
  );
  const tiers = await tierCounts(engine, pack, scores);
  return rows.map((row) => {
    const day = textOf(row['day']);
    const scored = Number(row['scored']);
    return {
      score_date: day,
      model_set: Number(row['model_set']),
      scored,
      tiers: tiers.get(day) ?? [],
      horizons: horizons.flatMap((days) => {
        const mean = row[`mean_${String(days)}`];
        if (typeof mean !== 'number') return [];
        const outcomesKnown = Number(row[`known_${String(days)}`] ?? 0);
        const isKnown = scored > 0 && outcomesKnown === scored;
        return [
          {
            days,
            mean_probability: Math.min(1, Math.max(0, mean)),
            actual_rate: isKnown ? Number(row[`left_${String(days)}`]) / scored : null,
            matures_on: addDays(day, days),
            known: outcomesKnown,
          },
        ];
      }),
    };
  });
}

/** Those that there are scores of: a horizon may be new in the pack. */
const horizonsOf = ({ file }: Pack, { snapshot }: LakeView): number[] =>
  file.horizons.filter((days) => snapshot.fields.some(({ name }) => name === `probability_${String(days)}d`));

/** In the order of the ladder; tiers that the pack has no more come last. */
async function tierCounts(
  engine: Engine,
  { file }: Pack,
  scores: LakeView,
): Promise<Map<string, Performance['trend'][number]['tiers']>> {
  const rows = await engine.rows(
    `SELECT CAST(score_date AS STRING) AS day, risk_tier, count(*) AS n FROM ${scores.name}
     GROUP BY score_date, risk_tier ORDER BY score_date, risk_tier`,
  );
  const order = [...file.tiers.ladder.map(({ name }) => name), file.tiers.otherwise];
  const counts = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const day = textOf(row['day']);
    const own = counts.get(day) ?? new Map<string, number>(order.map((name) => [name, 0]));
    own.set(textOf(row['risk_tier']), Number(row['n']));
    counts.set(day, own);
  }
  return new Map([...counts].map(([day, own]) => [day, [...own].map(([name, count]) => ({ name, count }))]));
}

/** What somebody is worth on average on the newest score date; null where that is not known of anybody. */
export async function meanValue(engine: Engine, scores: LakeView): Promise<number | null> {
  const [row] = await engine.rows(
    `SELECT avg(remaining_value) AS mean FROM ${scores.name}
     WHERE score_date = (SELECT max(score_date) FROM ${scores.name})`,
  );
  return typeof row?.['mean'] === 'number' ? row['mean'] : null;
}
