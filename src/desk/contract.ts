/**
 * The documents of the read API under `/v1/`, spelled as they are sent: the server answers with them, the OpenAPI
 * document is made of them, and the dashboard is typed by them. Dates are `YYYY-MM-DD`, instants ISO 8601 in UTC, shares
 * and probabilities from 0 to 1, money in the pack's currency.
 */
export { Customer, CustomerRow, Customers } from './contract/customers.ts';
export { DataHealth } from './contract/data-health.ts';
export { Facts, type FeatureFacts } from './contract/facts.ts';
export { type Change, Overview } from './contract/overview.ts';
export { type Figure, Performance } from './contract/performance.ts';
export { CustomersFilter, CustomersQuery, NextRequest } from './contract/query.ts';
export { type Contributions } from './contract/scores.ts';
export { Session, SignIn } from './contract/session.ts';
export { WhatIf, WhatIfStart } from './contract/what-if.ts';
export { People, Work, WorkEvent, WorkRequest } from './contract/work.ts';
