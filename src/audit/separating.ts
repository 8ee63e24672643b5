/** The statistical part: a feature that alone tells who leaves was probably written down afterwards. */
import { eitherWay, LEAST_CLASS_ROWS, type Separation, separationOf } from '../domain/index.ts';
import { type Engine, textOf } from '../engine/index.ts';
import { groupDigits } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Finding } from './finding.ts';
import { type Origins, traceColumn } from './origins.ts';

/** Names of a horizon's columns in the training set. */
export interface AuditedHorizon {
  readonly days: number;
  readonly label: string;
  readonly split: string;
}

export interface TrainingSet {
  readonly table: string;
  readonly horizons: readonly AuditedHorizon[];
}

/** What was measured of one feature on one horizon; the largest area is what counts. */
export interface FeatureSeparation {
  readonly feature: string;
  readonly horizon: number;
  readonly separation: Separation;
}

/** Alone above this area under the ROC curve (in either direction), a feature separates the classes. */
export const SEPARATES_FROM = 0.95;
/** The order of keys says nothing of who leaves where keys are drawn blindly; tenure alone reaches about .7. */
export const ORDER_TELLS_FROM = 0.8;
/** Rows of each class that are measured: the area is then known to about .002. */
const MOST_ROWS_OF_A_CLASS = 30_000;
const SAMPLE = 'holdfast_audit_sample';

export interface Measured {
  readonly findings: readonly Finding[];
  readonly separations: readonly FeatureSeparation[];
  /** Horizons of which nothing can be said, with the reason. */
  readonly notJudged: readonly string[];
}

/** Measures every feature, its missing values and the order of keys on the training rows of every horizon. */
export async function measureSeparation(
  engine: Engine,
  pack: Pack,
  origins: Origins,
  training: TrainingSet,
): Promise<Measured> {
  const separations: FeatureSeparation[] = [];
  const orders: { horizon: number; area: number }[] = [];
  const notJudged: string[] = [];
  for (const horizon of training.horizons) {
    const { rows, positives, negatives, weights } = await drawSample(engine, pack, training.table, horizon);
    if (Math.min(positives, negatives) < LEAST_CLASS_ROWS)
      notJudged.push(
        `${String(horizon.days)} days: of ${groupDigits(positives + negatives)} training rows ${groupDigits(positives)} are positive, and ${String(LEAST_CLASS_ROWS)} of each class are needed`,
      );
    if (rows === 0) continue;
    const sample = await readSample(engine, pack);
    const folds = Uint8Array.from(sample.fold);
    const labels = Float32Array.from(sample.label);
    for (const [index, [feature, { type }]] of Object.entries(pack.features).entries())
      separations.push({
        feature,
        horizon: horizon.days,
        separation: separationOf(labels, sample.feature(index), {
          isCategorical: type === 'categorical',
          folds,
          weights,
        }),
      });
    for (const order of [sample.textOrder, sample.numberOrder]) {
      const area = eitherWay(labels, order);
      if (area !== null) orders.push({ horizon: horizon.days, area });
    }
  }
  await engine.execute(`DROP TABLE IF EXISTS ${SAMPLE}`);
  const findings = Object.keys(pack.features).flatMap((feature) =>
    findingOf(
      pack,
      origins,
      feature,
      separations.filter((one) => one.feature === feature),
    ),
  );
  return { findings: [...findings, ...orderFinding(pack, orders)], separations, notJudged };
}

/** Training rows of a horizon, all or evenly drawn by a hash of entity and date, with codes for categories. */
async function drawSample(
  engine: Engine,
  pack: Pack,
  table: string,
  horizon: AuditedHorizon,
): Promise<{
  /** Drawn. */
  readonly rows: number;
  /** There were to draw from. */
  readonly positives: number;
  readonly negatives: number;
  readonly weights: { positive: number; negative: number };
}> {
  const { label, split } = horizon;
  const key = engine.identifier(pack.file.entity.key);
  const [counted] = await engine.rows(
    `SELECT count(*) FILTER (WHERE ${label} = 1) AS positives, count(*) FILTER (WHERE ${label} = 0) AS negatives
     FROM ${table} WHERE ${split} = 'train'`,
  );
  const most = (name: string): string => {
    const rows = Number(counted?.[name] ?? 0);
    const share = rows === 0 ? 1 : Math.min(1, MOST_ROWS_OF_A_CLASS / rows);
    // The first seven digits of an MD5 are even between 0 and 16^7.
    return share === 1
      ? 'true'
      : `substr(md5(CAST(${key} AS STRING) || CAST(observation_date AS STRING)), 1, 7) < ${engine.literal(
          Math.floor(share * 16 ** 7)
            .toString(16)
            .padStart(7, '0'),
        )}`;
  };
  const features = Object.entries(pack.features).map(([name, { type }], index) => {
    const quoted = engine.identifier(name);
    const text = `CAST(${quoted} AS STRING)`;
    return type === 'categorical'
      ? `CASE WHEN ${quoted} IS NULL THEN NULL ELSE dense_rank() OVER (ORDER BY ${text}) END AS feature_${String(index)}`
      : `CAST(${quoted} AS DOUBLE) AS feature_${String(index)}`;
  });
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${SAMPLE} AS
     WITH drawn AS (
       SELECT * FROM ${table}
       WHERE ${split} = 'train' AND ((${label} = 1 AND ${most('positives')}) OR (${label} = 0 AND ${most('negatives')}))
     )
     SELECT CAST(${label} AS DOUBLE) AS label,
       CASE WHEN substr(md5(CAST(${key} AS STRING)), 2, 1) IN ('0','2','4','6','8','a','c','e') THEN 0 ELSE 1 END AS fold,
       dense_rank() OVER (ORDER BY CAST(${key} AS STRING)) AS text_order,
       dense_rank() OVER (ORDER BY length(CAST(${key} AS STRING)), CAST(${key} AS STRING)) AS number_order,
       ${features.join(', ')}
     FROM drawn`,
  );
  const [drawn] = await engine.rows(
    `SELECT count(*) AS n, count(*) FILTER (WHERE label = 1) AS positives, count(*) FILTER (WHERE label = 0) AS negatives
     FROM ${SAMPLE}`,
  );
  const weight = (name: string): number =>
    Number(counted?.[name] ?? 0) / Math.max(1, Number(drawn?.[name] ?? 0));
  return {
    rows: Number(drawn?.['n'] ?? 0),
    positives: Number(counted?.['positives'] ?? 0),
    negatives: Number(counted?.['negatives'] ?? 0),
    weights: { positive: weight('positives'), negative: weight('negatives') },
  };
}

interface Sample {
  readonly label: Float64Array;
  readonly fold: Float64Array;
  readonly textOrder: Float64Array;
  readonly numberOrder: Float64Array;
  feature(index: number): Float64Array;
}

async function readSample(engine: Engine, pack: Pack): Promise<Sample> {
  const features = Object.keys(pack.features).map((_, index) => `feature_${String(index)}`);
  const loaded = await engine.numeric(
    `SELECT label, fold, text_order, number_order, ${features.join(', ')} FROM ${SAMPLE}`,
  );
  const column = (index: number): Float64Array =>
    loaded.data.subarray(index * loaded.rows, (index + 1) * loaded.rows);
  return {
    label: column(0),
    fold: column(1),
    textOrder: column(2),
    numberOrder: column(3),
    feature: (index) => column(4 + index),
  };
}

function findingOf(
  pack: Pack,
  origins: Origins,
  feature: string,
  measured: readonly FeatureSeparation[],
): Finding[] {
  const said = measured.flatMap(({ horizon, separation: { byValue, byBand, byMissing, pure } }) => {
    const at = `${String(horizon)} days`;
    const tells = (area: number | null): boolean => area !== null && area >= SEPARATES_FROM;
    const texts: { isMissing: boolean; text: string }[] = [];
    if (tells(byMissing))
      texts.push({
        isMissing: true,
        text: `${at}: whether it is missing alone reaches AUC ${shown(byMissing)}`,
      });
    if (tells(byValue))
      texts.push({ isMissing: false, text: `${at}: its value alone reaches AUC ${shown(byValue)}` });
    if (tells(byBand) && !tells(byMissing) && !tells(byValue))
      texts.push({
        isMissing: false,
        text: `${at}: the rate of its values alone reaches AUC ${shown(byBand)}`,
      });
    if (texts.length === 0 && pure !== undefined)
      texts.push({
        isMissing: pure.isMissing,
        text: `${at}: ${groupDigits(pure.positives)} of ${groupDigits(pure.rows)} rows ${pure.isMissing ? 'without a value' : bandText(pack, feature, pure)} are positive`,
      });
    return texts;
  });
  if (said.length === 0) return [];
  const fromEvent = readsEvent(pack, origins, feature);
  const isMissing = said.some((one) => one.isMissing);
  return [
    {
      kind: fromEvent ? 'open_event' : isMissing ? 'missingness' : 'separates',
      feature,
      evidence: `${said.map(({ text }) => text).join('; ')}${fromEvent ? `; it comes from ${pack.file.time?.event.table ?? ''}, the table of the event itself` : ''}`,
    },
  ];
}

const bandText = (pack: Pack, feature: string, { from, to }: { from: number; to: number }): string =>
  pack.features[feature]?.type === 'categorical'
    ? 'with one category'
    : from === to
      ? `with the value ${String(from)}`
      : `from ${String(from)} to ${String(to)}`;

const shown = (area: number | null): string => (area === null ? 'unknown' : area.toFixed(3));

function readsEvent(pack: Pack, origins: Origins, feature: string): boolean {
  const table = pack.file.time?.event.table;
  if (table === undefined) return false;
  return traceColumn(origins, pack.file.features.table, feature).sources.some(
    (source) => (origins.behind.get(source.table) ?? source.table) === table,
  );
}

function orderFinding(pack: Pack, orders: readonly { horizon: number; area: number }[]): Finding[] {
  const [most] = [...orders].sort((one, other) => other.area - one.area);
  if (most === undefined || most.area < ORDER_TELLS_FROM) return [];
  return [
    {
      kind: 'id_order',
      feature: undefined,
      evidence: `${String(most.horizon)} days: the order of ${textOf(pack.file.entity.key)} alone reaches AUC ${shown(most.area)}`,
    },
  ];
}
