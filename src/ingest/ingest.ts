import type { Engine } from '../engine/index.ts';
import { type Clock, groupDigits, HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import type { Lake, WritePart } from '../lake/index.ts';
import type { Pack, Source } from '../pack/index.ts';
import type { QualityLog } from '../quality/index.ts';
import { sortDeliveries, strayFiles } from './deliveries.ts';
import { ADDED_COLUMNS, columnsSelect, inspectDelivery, type Inspection, selectDelivery } from './inspect.ts';

/** What happened to one source. */
export interface IngestedSource {
  readonly source: string;
  readonly table: string;
  readonly version: number;
  /** Files taken now, and files recognised as taken before. */
  readonly taken: readonly { readonly file: string; readonly rows: number }[];
  readonly known: number;
  readonly rows: number;
  readonly malformedRows: number;
  readonly badValues: number;
}

export interface IngestParts {
  readonly engine: Engine;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly quality: QualityLog;
  readonly pack: Pack;
  /** Absolute folder with the delivered files. */
  readonly landing: string;
  /** Absolute folder for files that are unpacked or converted while they are taken. */
  readonly temporary: string;
  readonly runId: string;
  readonly progress?: Progress;
}

/**
 * Takes new deliveries into the bronze tables, one commit a source. Every file is inspected before the
 * first row is written, so that a bad delivery leaves all tables as they were. Throws HF201-HF206.
 */
export async function ingest(parts: IngestParts): Promise<IngestedSource[]> {
  const sources = Object.entries(parts.pack.file.sources);
  const planned: Planned[] = [];
  // Files stay open, with what was unpacked of them, until their rows are written.
  const files: AsyncDisposable[] = [];
  try {
    for (const [name, source] of sources) planned.push(await planSource(parts, name, source, files));
    tellSilentSources(planned, parts.progress);
    await tellStrayFiles(parts);
    const results: IngestedSource[] = [];
    for (const plan of planned) results.push(await takeSource(parts, plan));
    return results;
  } finally {
    for (const file of files) await file[Symbol.asyncDispose]();
  }
}

/** What `ingest` would take now: new files and how many are known, a source. */
export async function planIngest(
  lake: Lake,
  pack: Pack,
  landing: string,
): Promise<{ table: string; fresh: string[]; known: number }[]> {
  const plan: { table: string; fresh: string[]; known: number }[] = [];
  for (const [name, source] of Object.entries(pack.file.sources)) {
    const table = `bronze.${name}`;
    const { fresh, known } = await sortDeliveries(lake, table, landing, source);
    plan.push({ table, fresh: fresh.map((delivery) => delivery.name), known });
  }
  return plan;
}

/** A source that got nothing while others did may have been forgotten: its events would count as not having been. */
function tellSilentSources(planned: readonly Planned[], progress: Progress | undefined): void {
  const fed = planned.filter(({ inspections }) => inspections.length > 0);
  if (fed.length === 0) return;
  for (const { name, inspections } of planned)
    if (inspections.length === 0)
      progress?.warn(`no new file for ${name}, while other sources have some: was it forgotten?`);
}

/** A file under a wrong name would otherwise be missing without a word. */
async function tellStrayFiles({ pack, landing, progress }: IngestParts): Promise<void> {
  const strays = await strayFiles(landing, Object.values(pack.file.sources));
  if (strays.length === 0) return;
  const shown = strays.slice(0, 5).join(', ') + (strays.length > 5 ? ', ...' : '');
  progress?.warn(
    `${groupDigits(strays.length)} file(s) in the landing folder that no source takes: ${shown}`,
  );
}

interface Planned {
  readonly name: string;
  readonly table: string;
  readonly source: Source;
  readonly inspections: readonly Inspection[];
  readonly known: number;
  /** Version of the table when the files were compared with it: another process must not take them too. */
  readonly version: number;
}

async function planSource(
  parts: IngestParts,
  name: string,
  source: Source,
  files: AsyncDisposable[],
): Promise<Planned> {
  const table = `bronze.${name}`;
  const { fresh, known, hasEarlier, version } = await sortDeliveries(
    parts.lake,
    table,
    parts.landing,
    source,
  );
  if (fresh.length === 0 && !hasEarlier)
    throw new HoldfastError('HF201', {
      message: `no file for the source ${name}; expected ${source.files.join(' or ')} in ${parts.landing}`,
      hint: 'put the file there and run again',
      place: { file: source.files[0] ?? name },
    });
  const inspections: Inspection[] = [];
  for (const [index, delivery] of fresh.entries()) {
    const inspection = await inspectDelivery(parts.engine, source, delivery, {
      rejects: `rejects_${name}_${String(index)}`,
      temporary: parts.temporary,
    });
    files.push(inspection.opened);
    inspections.push(inspection);
  }
  return { name, table, source, inspections, known, version };
}

async function takeSource(parts: IngestParts, plan: Planned): Promise<IngestedSource> {
  const { engine, lake, clock, runId, quality } = parts;
  const progress = parts.progress ?? silentProgress;
  const { table, source, inspections, name } = plan;
  const malformedRows = inspections.reduce((sum, { malformed }) => sum + (malformed?.rows ?? 0), 0);
  const badValues = inspections.flatMap((inspection) => inspection.badValues);
  const rows = inspections.reduce((sum, inspection) => sum + inspection.rows, 0);
  let version: number;
  if (inspections.length === 0) {
    version = (await lake.snapshot(table)).version;
  } else {
    const task = progress.start(`ingest ${table}`, { total: rows, unit: 'rows' });
    for (const inspection of inspections) await reportFindings(parts, plan, inspection);
    const partsToWrite = inspections.map((inspection) => partOf(engine, source, inspection, clock.now()));
    const snapshot = await lake.write(table, columnsSelect(engine, source), {
      mode: source.delivery === 'replace' ? 'overwrite' : 'append',
      partitionBy: ADDED_COLUMNS,
      parts: partsToWrite,
      description: source.description,
      properties: { quality: 'bronze', grain: source.grain, description: source.description },
      onProgress: (share) => {
        task.update(Math.round(share * rows));
      },
      info: {
        runId,
        operation: 'INGEST',
        inputs: {},
        holdfast: {
          files: inspections.map(({ delivery, rows: fileRows }) => ({
            file: delivery.name,
            sha256: delivery.sha256,
            bytes: delivery.bytes,
            rows: fileRows,
          })),
        },
      },
      expectedVersion: plan.version,
      beforeCommit: (staged) => checkRows(plan, staged.rows, rows),
    });
    version = snapshot.version;
    await quality.record({
      table,
      expectation: 'well_formed_rows',
      action: 'drop',
      status: malformedRows > 0 ? 'WARN' : 'PASS',
      failedRows: malformedRows,
      totalRows: rows + malformedRows,
      description: 'rows with the shape of the header',
    });
    await quality.record({
      table,
      expectation: 'readable_values',
      action: 'warn',
      status: badValues.length > 0 ? 'WARN' : 'PASS',
      failedRows: badValues.reduce((sum, { count }) => sum + count, 0),
      totalRows: rows,
      description: 'values that cast to the declared type',
    });
    task.done(
      `${groupDigits(rows)} rows from ${String(inspections.length)} ${inspections.length === 1 ? 'file' : 'files'}`,
    );
  }
  return {
    source: name,
    table,
    version,
    taken: inspections.map(({ delivery, rows: fileRows }) => ({ file: delivery.name, rows: fileRows })),
    known: plan.known,
    rows,
    malformedRows,
    badValues: badValues.reduce((sum, { count }) => sum + count, 0),
  };
}

/** A file as a part of the bronze table: copied where it holds exactly the table's columns, else brought to them. */
function partOf(engine: Engine, source: Source, inspection: Inspection, now: Date): WritePart {
  const { delivery, isExact, rows } = inspection;
  return {
    partition: {
      _ingested_at: `${now.toISOString().slice(0, 23).replace('T', ' ')}000`,
      _source_file: delivery.name,
    },
    select: selectDelivery(engine, source, inspection),
    ...(isExact ? { copyOf: { path: delivery.path, rows, bytes: delivery.bytes } } : {}),
  };
}

/** What is written must be what was inspected: a file may have grown in between. */
function checkRows({ name }: Planned, written: number, inspected: number): Promise<void> {
  if (written === inspected) return Promise.resolve();
  throw new HoldfastError('HF202', {
    message: `the files of ${name} had ${groupDigits(inspected)} rows when they were inspected and ${groupDigits(written)} when they were taken`,
    hint: 'put complete files into the landing folder (write them elsewhere and move them), and run again',
  });
}

async function reportFindings(parts: IngestParts, plan: Planned, inspection: Inspection): Promise<void> {
  const progress = parts.progress ?? silentProgress;
  const { delivery, opened, extraColumns, malformed, badValues } = inspection;
  for (const note of opened.notes) progress.info(`${delivery.name}: ${note}`);
  if (extraColumns.length > 0) {
    const shown = extraColumns.slice(0, 5).join(', ') + (extraColumns.length > 5 ? ', ...' : '');
    progress.warn(
      `${delivery.name}: ${groupDigits(extraColumns.length)} unexpected column(s) left out: ${shown}`,
    );
  }
  for (const { column, type, count, example } of badValues)
    progress.warn(
      `${delivery.name}: ${column}: ${groupDigits(count)} value(s) that are no ${type} became NULL, such as ${example}`,
    );
  if (malformed !== undefined) {
    await parts.quality.quarantine(
      plan.table,
      'malformed row',
      `SELECT ${parts.engine.literal(delivery.name)} AS source_file, line, reason || ' | ' || coalesce(text, '') AS text
       FROM (${parts.engine.rejectedRows(malformed.rejects)})`,
    );
    progress.warn(
      `${delivery.name}: ${groupDigits(malformed.rows)} malformed row(s) put into quality.quarantined_rows`,
    );
  }
}
