export {
  build,
  type BuildParts,
  columnComments,
  deliveryDay,
  planBuild,
  type TableOutcome,
} from './build.ts';
export {
  defineKnownViews,
  defineUndatedViews,
  knownSources,
  OBSERVATION_DATE,
  snapshotSpine,
  type SpineSource,
} from './known.ts';
export { featureSelect } from './feature-table.ts';
