import {
  columnComments,
  defineKnownViews,
  featureSelect,
  knownSources,
  snapshotSpine,
} from '../../src/build/index.ts';
import { orderTables } from '../../src/build/table-order.ts';
import { type Column, type Engine, openDuckDb } from '../../src/engine/index.ts';
import { deltaFieldsOf } from '../../src/lake/delta-type.ts';
import { loadPack, type Pack, type SqlFile } from '../../src/pack/index.ts';
import { engineType } from '../../src/reader/index.ts';
import { code, GENERATED, markdownTable } from './page.ts';
import { type DescribedColumn, type DescribedTable, productTables } from './product-tables.ts';

/** The page docs/reference/tables.md: every table of the lake with grain, keys and columns. */
export async function tablesPage(packFolder: string): Promise<string> {
  const pack = await loadPack(packFolder);
  await using engine = await openDuckDb();
  const bronze = await bronzeTables(engine, pack);
  const made = await packTables(engine, pack);
  const features = made.find(({ name }) => name === pack.file.features.table);
  const tables = [...bronze, ...made, ...productTables(pack, features?.columns ?? [])];
  return `${GENERATED}
# Tables of the lake

The tables of a workspace with the pack ${code(pack.file.name)}. Each is a Delta table in \`lake/<layer>/<table>/\`, which
Spark, Databricks, Fabric, Polars, DuckDB and delta-rs read as it is. \`holdfast tables\` shows what is there, and
\`holdfast query "SELECT ..."\` reads it.

${markdownTable(
  ['layer', 'holds'],
  [
    ['bronze', 'what was delivered, row by row, with the file it came from'],
    ['silver', 'the same, cleaned and typed, one meaning a column'],
    ['gold', 'features, labels, training set, scores and action lists'],
    ['quality', 'what was found about the data, run by run'],
  ],
)}

${tables.map(section).join('\n\n')}
`;
}

function section({ name, grain, keys, partitionBy, owner, description, columns }: DescribedTable): string {
  const facts = [
    `**Grain:** ${grain}.`,
    keys.length === 0 ? '' : `**Keys:** ${keys.map(code).join(', ')}.`,
    partitionBy.length === 0 ? '' : `**Partitioned by:** ${partitionBy.map(code).join(', ')}.`,
    owner === undefined ? '' : `**Owner:** ${owner}.`,
  ].filter((fact) => fact !== '');
  const rows = columns.map((column) => [code(column.name), column.type, column.meaning]);
  return `## ${name}\n\n${description}\n\n${facts.join(' ')}\n\n${markdownTable(['column', 'type', 'meaning'], rows)}`;
}

/** Defines an empty view for each source, for the SQL of later tables to be described over. */
async function bronzeTables(engine: Engine, pack: Pack): Promise<DescribedTable[]> {
  await engine.execute('CREATE SCHEMA IF NOT EXISTS bronze');
  const tables: DescribedTable[] = [];
  for (const [source, { columns, grain, description }] of Object.entries(pack.file.sources)) {
    const typed = Object.entries({ ...columns, _ingested_at: 'TIMESTAMP', _source_file: 'STRING' }).map(
      ([name, type]) => `CAST(NULL AS ${engineType(type)}) AS ${engine.identifier(name)}`,
    );
    const name = `bronze.${source}`;
    await engine.execute(`CREATE VIEW ${name} AS SELECT ${typed.join(', ')} LIMIT 0`);
    const meanings = {
      _ingested_at: 'when the file was taken',
      _source_file: 'the file below landing/ that the row came from',
    };
    tables.push({
      name,
      grain,
      keys: [],
      partitionBy: ['_ingested_at', '_source_file'],
      description,
      columns: described(name, await engine.describe(`SELECT * FROM ${name}`), meanings),
    });
  }
  return tables;
}

async function packTables(engine: Engine, pack: Pack): Promise<DescribedTable[]> {
  const tables: DescribedTable[] = [];
  for (const { file } of await orderTables(engine, pack, knownSources(pack))) {
    const isFeatures = file.table === pack.file.features.table;
    if (isFeatures) await defineKnownViews(engine, pack, snapshotSpine(engine, pack));
    const select = isFeatures ? await featureSelect(engine, pack, file) : file.text;
    const [layer = ''] = file.table.split('.');
    await engine.execute(`CREATE SCHEMA IF NOT EXISTS ${layer}`);
    await engine.execute(`CREATE VIEW ${file.table} AS ${select}`);
    const { grain, keys, partitionBy, owner, description } = file.header;
    const columns = described(file.table, await engine.describe(select), meaningsOf(pack, file));
    tables.push({ name: file.table, grain, keys, partitionBy, owner, description, columns });
  }
  return tables;
}

/** What the feature contract and the comments of the SQL file say about columns. */
function meaningsOf(pack: Pack, file: SqlFile): Record<string, string> {
  if (file.table !== pack.file.features.table) return columnComments(file.text);
  return Object.fromEntries(
    Object.entries(pack.features).map(([name, { label, unit, type }]) => [
      name,
      `${label} (${unit ?? type})`,
    ]),
  );
}

function described(
  table: string,
  columns: readonly Column[],
  meanings: Readonly<Record<string, string>>,
): DescribedColumn[] {
  return deltaFieldsOf(table, columns).map(({ name, type }) => ({
    name,
    type: typeof type === 'string' ? type : type.type,
    meaning: meanings[name] ?? '',
  }));
}
