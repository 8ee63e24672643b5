/** What the dashboard reads and writes: the documents of `/v1/`, and the queries that answer them. */
export {
  Customer,
  CustomerRow,
  Customers,
  DataHealth,
  Facts,
  FeatureFacts,
  OUTCOMES,
  Overview,
  Performance,
  SORTS,
  Session,
  TABS,
  WhatIf,
  WhatIfStart,
  Work,
  WorkEvent,
  WorkRequest,
  type Change,
  type Contributions,
  type Figure,
  type CustomersQuery,
} from './contract.ts';
export {
  cleanedMissing,
  expectationHealth,
  snapshotHealth,
  sourceHealth,
  tableHealth,
} from './data-health.ts';
export { featureRowOf, isEntity, newestScores, scoreRowsOf } from './entity-rows.ts';
export { type LakeView, type LakeViews, openLakeViews } from './lake-views.ts';
export { readTimeline } from './timeline.ts';
export { meanValue, readTrend } from './trend.ts';
