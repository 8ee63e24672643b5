/** Columns that a file calls otherwise than its table does. */
import type { Engine } from '../engine/index.ts';
import type { Source } from '../pack/index.ts';
import type { OpenedFile } from '../reader/index.ts';

/**
 * The file with its columns called as the source declares them. A column of the source that `names` does not
 * mention is called the same in both; a name that the file does not have stays missing.
 */
export function withDeclaredNames(engine: Engine, source: Source, opened: OpenedFile): OpenedFile {
  const declared = new Map(Object.entries(source.names).map(([column, header]) => [header, column]));
  if (!opened.columns.some(({ name }) => declared.has(name))) return opened;
  const columns = opened.columns.map((column) => ({
    ...column,
    name: declared.get(column.name) ?? column.name,
  }));
  const selected = opened.columns.map(
    ({ name }, index) => `${engine.identifier(name)} AS ${engine.identifier(columns[index]?.name ?? name)}`,
  );
  const renamed = (from: string): string => `(SELECT ${selected.join(', ')} FROM ${from})`;
  return {
    ...opened,
    columns,
    from: renamed(opened.from),
    fromKeeping: (rejects) => renamed(opened.fromKeeping(rejects)),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
