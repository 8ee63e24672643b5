/** What the dashboard reads and writes: the documents of `/v1/`, and the queries that answer them. */
export {
  Customer,
  CustomerRow,
  Customers,
  CustomersFilter,
  CustomersQuery,
  DataHealth,
  Facts,
  type FeatureFacts,
  NextRequest,
  Overview,
  People,
  Performance,
  Session,
  SignIn,
  WhatIf,
  WhatIfStart,
  Work,
  WorkEvent,
  WorkRequest,
  type Change,
  type Contributions,
  type Figure,
} from './contract.ts';
export { csvPieces, dropExport, EXPORT_ORDER, EXPORT_TABLE, fillExport } from './customers-export.ts';
export { firstIds, type Question, randomId, readCustomer, readCustomers } from './customers-query.ts';
export { factsOf } from './facts.ts';
export { readOverview, type ScoreFigures, scoreFigures } from './overview.ts';
export { dropReadModel, loadReadModel, type ReadModel } from './read-model.ts';
export { SessionPool } from './session-pool.ts';
export { loadWork, putWork, type WorkRow } from './work-table.ts';
export {
  cleanedMissing,
  expectationHealth,
  snapshotHealth,
  sourceHealth,
  tableHealth,
} from './data-health.ts';
export { featureRowOf, newestScores, scoreRowsOf } from './entity-rows.ts';
export { type LakeView, type LakeViews, openLakeViews } from './lake-views.ts';
export { readTimeline } from './timeline.ts';
export { meanValue, readTrend } from './trend.ts';
