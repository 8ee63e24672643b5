/** Generated broadband data cut into two deliveries, as a company would send them month by month. */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDuckDb } from '../../src/engine/index.ts';
import { generate } from '../../src/generate/index.ts';

export interface DeliveryOptions {
  readonly customers: number;
  /** First snapshot, first of a month. */
  readonly from: string;
  /** The last day of the first delivery, which is the day of its newest snapshot. */
  readonly cut: string;
  /** Day of the newest snapshot of the second delivery. */
  readonly to: string;
}

export interface Deliveries extends AsyncDisposable {
  /** Folders with the files of the deliveries. The second holds what happened after the cut. */
  readonly first: string;
  readonly second: string;
}

/** How each source is cut: its date, and what it says differently before the cut is over. */
const SOURCES = [
  { name: 'customer_info', reads: 'customer_info.parquet', date: 'datevalue', written: 'parquet' },
  { name: 'calls', reads: 'calls.csv', date: 'event_date', written: 'csv' },
  { name: 'cease', reads: 'cease.csv', date: 'cease_placed_date', written: 'csv' },
  { name: 'usage', reads: 'usage/*.parquet', date: 'calendar_date', written: 'parquet' },
] as const;

/** Generates once and cuts, so that both deliveries tell of the same customers. */
export async function makeDeliveries(options: DeliveryOptions): Promise<Deliveries> {
  const { customers, from, to, cut } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-deliveries-'));
  const whole = path.join(folder, 'whole');
  const first = path.join(folder, 'first');
  const second = path.join(folder, 'second');
  await mkdir(first);
  await mkdir(second);
  await using engine = await openDuckDb({ threads: 2 });
  const packFolder = path.join(import.meta.dirname, '../../packs/broadband');
  await generate({ engine, packFolder, customers, seed: 7, from, to, outDir: whole });
  for (const { name, reads, date, written } of SOURCES) {
    const file = engine.literal(path.join(whole, reads));
    const source =
      written === 'csv' ? `read_csv(${file}, header = true, all_varchar = true)` : `read_parquet(${file})`;
    // An order that is completed after the cut is still open in the first delivery.
    const columns =
      name === 'cease'
        ? `* REPLACE (CASE WHEN cease_completed_date > '${cut}' THEN 'null' ELSE cease_completed_date END AS cease_completed_date)`
        : '*';
    const day = `CAST(${date} AS DATE)`;
    const format = written === 'csv' ? 'FORMAT csv, HEADER true' : 'FORMAT parquet';
    const copy = (select: string, target: string): Promise<void> =>
      engine.execute(`COPY (${select}) TO ${engine.literal(target)} (${format})`);
    await copy(
      `SELECT ${columns} FROM ${source} WHERE ${day} <= DATE '${cut}' ORDER BY ALL`,
      path.join(first, `${name}.${written}`),
    );
    await copy(
      `SELECT * FROM ${source} WHERE ${day} > DATE '${cut}' ORDER BY ALL`,
      path.join(second, `${name}_${to}.${written}`),
    );
  }
  await rm(whole, { recursive: true });
  return {
    first,
    second,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Names of the files of a delivery. */
export async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}
