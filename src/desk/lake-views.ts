/**
 * Tables of the lake as they are now, under view names that are never given to anything else: questions that are answered
 * side by side cannot take each other's tables away, and a table is attached once a version. Of each table the versions
 * that were asked for last are kept.
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

/** So many that no question under way loses the one that it reads: there are two at a time where a table is written. */
const VERSIONS_KEPT = 4;

/** `schema` holds the views, and nothing else. */
export function openLakeViews(engine: Engine, lake: Lake, schema = 'desk_views'): LakeViews {
  /** By table and stamp, the one that was asked for last at the end. */
  const known = new Map<TableName, Map<string, Promise<LakeView>>>();
  let views = 0;
  const drop = (view: Promise<LakeView>): void => {
    // One that was never made is not there, and one that stays harms nothing.
    view.then(({ name }) => engine.execute(`DROP VIEW IF EXISTS ${name}`)).catch(() => undefined);
  };
  /** Another table under the same name has another id, and may have the same version. */
  const viewOf = ({ table, id, version }: Snapshot): Promise<LakeView> => {
    const stamp = `${id} ${String(version)}`;
    const own = known.get(table) ?? new Map<string, Promise<LakeView>>();
    known.set(table, own);
    const found = own.get(stamp);
    if (found !== undefined) {
      own.delete(stamp);
      own.set(stamp, found);
      return found;
    }
    views += 1;
    const name = `${schema}.view_${String(views)}`;
    const made = lake.define(name, table, version).then((snapshot) => ({ name, snapshot }));
    own.set(stamp, made);
    made.catch(() => own.delete(stamp));
    const [oldest] = own;
    if (own.size > VERSIONS_KEPT && oldest !== undefined) {
      own.delete(oldest[0]);
      drop(oldest[1]);
    }
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
