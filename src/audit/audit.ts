/** The leakage audit of a workspace: SQL, rebuilding, statistics and splits, one row a feature. */
import { type Engine, textOf } from '../engine/index.ts';
import { hashOf, type Progress, VERSION } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Rebuilt } from './bench.ts';
import { type AuditDocument, featureDocuments, findingDocument, type RebuiltDocument } from './document.ts';
import { featureRows } from './feature-row.ts';
import { judge } from './finding.ts';
import { rebuildAndCompare } from './metamorphic.ts';
import { type AuditedTable, bronzeSources, type Origins, readOrigins } from './origins.ts';
import { measureSeparation, type TrainingSet } from './separating.ts';
import { splitFindings } from './split-integrity.ts';
import { timelessPools, type TimelessPool, unstableFindings } from './static.ts';

/** How much is rebuilt: so many entities on so many observation dates, drawn by the seed. */
export interface SampleSettings {
  readonly dates: number;
  readonly entities: number;
  readonly seed: number;
}

export interface AuditParts {
  /** Engine with the bronze tables, the features and the training set attached. */
  readonly engine: Engine;
  readonly pack: Pack;
  /** The tables that the features depend on, in the order in which they are made. */
  readonly tables: readonly AuditedTable[];
  /** Lake tables behind each `known.<name>`. */
  readonly knownSources: ReadonlyMap<string, readonly string[]>;
  readonly training: TrainingSet;
  readonly sample: SampleSettings;
  /** An earlier audit's rebuilding; it is done again unless SQL, contract and sample are the same and it passed. */
  readonly earlier: RebuiltDocument | undefined;
  /** Opens an empty engine of one thread, in which a rebuild gives the same bits again. */
  readonly openScratch: () => Promise<Engine>;
  readonly rebuild: (engine: Engine) => Promise<void>;
  /** Folder for the sample's rows on their way; the caller removes it. */
  readonly folder: string;
  readonly runId: string;
  readonly now: Date;
  /** Versions of the tables attached. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly progress?: Progress;
}

export async function auditLeakage(parts: AuditParts): Promise<AuditDocument> {
  const { engine, pack, tables, training } = parts;
  const origins = await readOrigins(engine, pack, tables, parts.knownSources);
  const pools = timelessPools(pack, origins, tables, (table, column) => isDate(pack, origins, table, column));
  const rebuilt = await rebuiltOrEarlier(parts, origins, pools);
  const measured = await measureSeparation(engine, pack, origins, training);
  const unstable = unstableFindings(pack, origins, tables);
  const known = new Set(unstable.map(({ feature }) => feature));
  const findings = judge(
    [
      ...unstable,
      ...rebuilt.findings.filter(({ kind, feature }) => kind !== 'not_deterministic' || !known.has(feature)),
      ...measured.findings,
      ...(await splitFindings(engine, pack, training)),
    ],
    pack.file.audit.acknowledged,
  );
  return {
    passed: findings.every(({ acknowledged }) => acknowledged !== undefined),
    pack: pack.file.name,
    pack_hash: pack.hash,
    run_id: parts.runId,
    audited_at: parts.now.toISOString(),
    inputs: parts.inputs,
    features: featureDocuments(featureRows(pack, origins, findings), measured.separations),
    findings: findings.map(findingDocument),
    rebuilt,
    notes: [...rebuilt.notes, ...poolNotes(pools, rebuilt)],
    not_judged: measured.notJudged,
  };
}

async function rebuiltOrEarlier(
  parts: AuditParts,
  origins: Origins,
  pools: readonly TimelessPool[],
): Promise<RebuiltDocument> {
  const { engine, pack, sample, earlier } = parts;
  const definition = definitionOf(parts);
  const passed = judge(earlier?.findings ?? [], pack.file.audit.acknowledged).every(
    ({ acknowledged }) => acknowledged !== undefined,
  );
  if (earlier?.definition === definition && passed) return earlier;
  const dates = pack.file.time === undefined ? [] : await drawDates(engine, pack, sample);
  // Undated rows have no dates to spread over: as many rows are drawn in one go.
  const entities = pack.file.time === undefined ? sample.entities * sample.dates : sample.entities;
  await using scratch = await parts.openScratch();
  const rebuilt: Rebuilt = await rebuildAndCompare({
    ...parts,
    scratch,
    origins,
    pools,
    dates,
    entities,
    seed: sample.seed,
  });
  return { ...rebuilt, definition, run_id: parts.runId };
}

/** Hash of all that decides what a rebuild can see: a delivery may bring a leak as well as a change of SQL. */
function definitionOf({ pack, tables, sample, inputs }: AuditParts): string {
  const raw = Object.entries(inputs).filter(([table]) => table.startsWith('bronze.'));
  const { entity, sources, horizons, time, undated, features } = pack.file;
  return hashOf({
    code: VERSION,
    sql: tables.map(({ table, sql }) => [table, sql]),
    expectations: pack.expectations,
    contract: pack.features,
    pack: { entity, sources, horizons, time, undated, features },
    sample,
    raw,
  });
}

/** Observation dates from the later two thirds, where histories are long enough to be seen, one of each stretch. */
async function drawDates(engine: Engine, pack: Pack, { dates, seed }: SampleSettings): Promise<string[]> {
  const rows = await engine.rows(
    `SELECT DISTINCT CAST(observation_date AS STRING) AS day FROM ${pack.file.features.table} ORDER BY 1`,
  );
  const days = rows.map((row) => textOf(row['day']));
  const late = days.slice(Math.floor(days.length / 3));
  const stretches = Math.min(dates, late.length);
  return Array.from({ length: stretches }, (_, stretch) => {
    const from = Math.floor((stretch * late.length) / stretches);
    const to = Math.floor(((stretch + 1) * late.length) / stretches);
    const draw = Number.parseInt(hashOf([seed, stretch]).slice(0, 8), 16);
    return late[from + (draw % (to - from))] ?? '';
  });
}

/** Whether a column holds dates, or was made of one. */
function isDate(pack: Pack, origins: Origins, table: string, column: string): boolean {
  const dated = Object.values(pack.file.time?.known ?? {}).some(
    (known) => known.table === table && (known.date === column || known.available_at === column),
  );
  return (
    dated ||
    bronzeSources(origins, table, column).some(({ table: raw, column: name }) => {
      const type = pack.file.sources[raw.slice('bronze.'.length)]?.columns[name];
      return type === 'DATE' || type === 'TIMESTAMP';
    })
  );
}

function poolNotes(pools: readonly TimelessPool[], { findings }: Rebuilt): string[] {
  const found = new Set(findings.map(({ feature }) => feature));
  return pools
    .filter(({ feature }) => !found.has(feature))
    .map(
      ({ feature, function: name, path }) =>
        `${feature}: ${name} over all dates in ${path}; rebuilding it did not change`,
    );
}
