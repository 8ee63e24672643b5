export {
  build,
  type BuildParts,
  columnComments,
  deliveryDay,
  planBuild,
  type TableOutcome,
} from './build.ts';
export { defineKnownViews, knownSources, snapshotSpine, type SpineSource } from './known.ts';
export { featureSelect } from './feature-table.ts';
export { openRowLocal, type RawRow, type RowFeatures, type RowLocalFeatures } from './row-local.ts';
export { featureTables, rebuildFeatures } from './rebuild.ts';
export { type OrderedTable, orderTables } from './table-order.ts';
