/**
 * Tables of the lake as they are now, under view names that are never given to anything else: questions that are answered
 * side by side cannot take each other's tables away, and a table is attached once a version.
 */
import type { Engine, TableName } from '../engine/index.ts';
import type { Lake, Snapshot } from '../lake/index.ts';

/** A table at a version. */
export interface LakeView {
  /** What to read FROM. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

export interface LakeViews {
  readonly engine: Engine;
  readonly lake: Lake;
  /** The newest version of a table; undefined where there is no such table. */
  newest(table: TableName): Promise<LakeView | undefined>;
  /** A table at a version; undefined where its files were deleted. */
  at(table: TableName, version: number): Promise<LakeView | undefined>;
}

/** `schema` holds the views, and nothing else. */
export function openLakeViews(engine: Engine, lake: Lake, schema = 'desk_views'): LakeViews {
  const known = new Map<string, Promise<LakeView>>();
  let views = 0;
  /** Another table under the same name has another id, and may have the same version. */
  const viewOf = ({ table, id, version }: Snapshot): Promise<LakeView> => {
    const stamp = `${table} ${id} ${String(version)}`;
    const found = known.get(stamp);
    if (found !== undefined) return found;
    views += 1;
    const name = `${schema}.view_${String(views)}`;
    const made = lake.define(name, table, version).then((snapshot) => ({ name, snapshot }));
    known.set(stamp, made);
    made.catch(() => known.delete(stamp));
    return made;
  };
  return {
    engine,
    lake,
    async newest(table) {
      return (await lake.exists(table)) ? viewOf(await lake.snapshot(table)) : undefined;
    },
    async at(table, version) {
      const snapshot = await lake.snapshot(table, version).catch(() => undefined);
      return snapshot === undefined ? undefined : viewOf(snapshot);
    },
  };
}
