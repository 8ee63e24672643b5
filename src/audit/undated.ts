/** Undated rows have no future; what a feature must not see there is the target, and the other rows. */
import { type Engine, textOf } from '../engine/index.ts';
import { groupDigits } from '../kernel/index.ts';
import type { LeakKind } from '../pack/index.ts';
import { compareWithBase, type Comparison } from './compare.ts';
import type { Finding } from './finding.ts';
import { exampleText, type RebuildParts, type Workbench } from './bench.ts';
import { bronzeSources } from './origins.ts';
import { GIVEN, ROW_HALF, type WorldSource } from './world.ts';

/** Swaps the target of some rows, then leaves half of the entities out, and looks at which features change. */
export async function undatedFindings(parts: RebuildParts, bench: Workbench): Promise<Finding[]> {
  const { pack, origins, scratch } = parts;
  const { undated } = pack.file;
  if (undated === undefined) return [];
  const target = bronzeSources(origins, undated.table, undated.target.column)[0];
  const source = bench.world.sources.find(({ table }) => table === target?.table);
  const findings: Finding[] = [];
  const done = new Set<string>();
  const add = (kind: LeakKind, comparison: Comparison, how: string): void => {
    for (const [feature, difference] of comparison.features) {
      if (done.has(feature)) continue;
      done.add(feature);
      findings.push({
        kind,
        feature,
        evidence: `${groupDigits(difference.rows)} of ${groupDigits(comparison.compared)} entities differ when ${how}${exampleText(difference)}`,
        entities: { changed: difference.rows, compared: comparison.compared },
        example: difference.example,
      });
    }
  };
  const compareUntouched = (): Promise<Comparison> => compareWithBase(scratch, pack, { onlyUntouched: true });
  if (target !== undefined && source !== undefined) {
    const swapped = await swappedTarget(scratch, source, target.column);
    await bench.rebuild({ table: source.table, select: `SELECT ${swapped} FROM ${given(scratch, source)}` });
    add(
      'target_encoding',
      await compareUntouched(),
      `${target.table}.${target.column} of other entities is changed`,
    );
    add(
      'reads_target',
      await compareWithBase(scratch, pack),
      `their own ${target.table}.${target.column} is changed`,
    );
  }
  for (const one of bench.world.sources.filter(({ key }) => key !== undefined)) {
    await bench.rebuild({
      table: one.table,
      select: `SELECT ${columnsOf(scratch, one)} FROM ${given(scratch, one)} WHERE ${ROW_HALF} = 0`,
    });
    add('whole_history', await compareUntouched(), `rows of ${one.table} of other entities are taken away`);
  }
  return findings;
}

const given = (engine: Engine, { table }: WorldSource): string =>
  `${GIVEN}.${engine.identifier(table.slice('bronze.'.length))}`;

const columnsOf = (engine: Engine, { columns }: WorldSource): string =>
  columns.map(({ name }) => engine.identifier(name)).join(', ');

/** The columns with the target of half 1 turned into the next of its values. */
async function swappedTarget(engine: Engine, source: WorldSource, target: string): Promise<string> {
  const quoted = engine.identifier(target);
  const rows = await engine.rows(
    `SELECT DISTINCT CAST(${quoted} AS STRING) AS value FROM ${given(engine, source)} WHERE ${quoted} IS NOT NULL ORDER BY 1 LIMIT 20`,
  );
  const values = rows.map((row) => textOf(row['value']));
  const cases = values.map(
    (value, index) =>
      `WHEN ${engine.literal(value)} THEN ${engine.literal(values[(index + 1) % values.length] ?? value)}`,
  );
  return source.columns
    .map(({ name, type }) =>
      name !== target || values.length < 2
        ? engine.identifier(name)
        : `CASE WHEN ${ROW_HALF} = 1 THEN CAST(CASE CAST(${quoted} AS STRING) ${cases.join(' ')} END AS ${type}) ELSE ${quoted} END AS ${quoted}`,
    )
    .join(', ');
}
