/**
 * Given/expected cases of the silver tables, one folder of `cases/` each:
 *
 *     landing/         the delivered files
 *     later-landing/   files of a second delivery, taken after the first (optional)
 *     expected/        `<layer>.<table>.csv`: the columns to compare and their values, NULL written as NULL
 *
 * The name of the folder is the name of the test. Rows are compared without order. Expected files are written
 * by hand, never by a run.
 */
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { build } from '../../src/build/index.ts';
import { type Engine, textOf } from '../../src/engine/index.ts';
import { ingest } from '../../src/ingest/index.ts';
import type { Context } from '../../src/workflow/index.ts';
import { openWorkspace } from '../support/workspace.ts';

const CASES = path.join(import.meta.dirname, 'cases');

describe('the silver tables', async () => {
  for (const name of (await readdir(CASES)).sort()) {
    test(name.replaceAll('-', ' '), async () => {
      const folder = path.join(CASES, name);
      const parts = await readdir(folder);
      const deliveries = ['landing', 'later-landing'].filter((delivery) => parts.includes(delivery));
      await using workspace = await openWorkspace({ settings: { max_bad_share: 1 } });
      for (const delivery of deliveries) {
        await cp(path.join(folder, delivery), workspace.landing, { recursive: true });
        await workspace.withContext(async (context) => {
          await takeAndBuild(context);
          if (delivery === deliveries.at(-1)) await expectTables(context, path.join(folder, 'expected'));
        });
      }
      expect.hasAssertions();
    });
  }
});

async function expectTables({ engine, lake }: Context, folder: string): Promise<void> {
  await lake.attach();
  for (const file of await readdir(folder)) {
    const [header = '', ...expected] = await linesOf(path.join(folder, file));
    const table = path.basename(file, '.csv');
    const found = { table, rows: await linesOfTable(engine, table, header) };
    expect(found).toEqual({ table, rows: expected.sort() });
  }
}

/** Takes the delivered files, and builds the silver tables that can be made from the sources there are. */
async function takeAndBuild(context: Context): Promise<void> {
  const { engine, lake, quality, clock, runId, folders, progress } = context;
  const landed = await readdir(folders.landing);
  const sources = Object.fromEntries(
    Object.entries(context.pack.file.sources).filter(([name]) =>
      landed.some((file) => file.startsWith(name.replace('raw_', ''))),
    ),
  );
  const made = new Set(Object.keys(sources).map((name) => `bronze.${name}`));
  const sql: Context['pack']['sql'][number][] = [];
  // Silver reads bronze or silver: twice through the files finds all that can be made.
  for (const file of [...context.pack.sql, ...context.pack.sql]) {
    if (!file.table.startsWith('silver.') || made.has(file.table)) continue;
    const { tables } = await engine.references(file.text);
    if (!tables.every((table) => made.has(table))) continue;
    made.add(file.table);
    sql.push(file);
  }
  const pack = { ...context.pack, file: { ...context.pack.file, sources }, sql };
  const parts = { engine, lake, quality, clock, runId, pack, progress };
  await ingest({ ...parts, landing: folders.landing, temporary: folders.temporary });
  await build(parts);
  await quality.flush();
}

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
}

async function linesOfTable(engine: Engine, table: string, header: string): Promise<string[]> {
  const columns = header.split(',');
  const select = columns.map(
    (name) => `coalesce(CAST(${engine.identifier(name)} AS STRING), 'NULL') AS ${name}`,
  );
  const rows = await engine.rows(`SELECT ${select.join(', ')} FROM ${table}`);
  return rows.map((row) => columns.map((name) => textOf(row[name])).join(',')).sort();
}
