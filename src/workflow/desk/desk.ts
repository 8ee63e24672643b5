/** What a door asks for the dashboard: the documents of `/v1/`, and the work that people do. */
import type {
  Customer,
  CustomerRow,
  Customers,
  CustomersQuery,
  DataHealth,
  Facts,
  Overview,
  Performance,
  WhatIf,
  WhatIfStart,
  Work,
  WorkRequest,
} from '../../desk/index.ts';
import type { RequestValue } from '../serving/service.ts';

/** Somebody at work, as the record of work names them. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  /** May give work to others, and take it from them. */
  readonly isLead: boolean;
}

/** All rows that a query leaves, for a file. */
export interface CustomersExport {
  readonly total: number;
  /** Of the file, such as `customers_2024-10-01.csv`. */
  readonly name: string;
  /**
   * Pieces of whole lines of a CSV file that is safe to open in a spreadsheet, the header first. Read them to the end,
   * or call `return`.
   */
  readonly lines: AsyncIterable<string> & { return(): Promise<unknown> };
}

/** Errors of all: HF602 before anything was scored, HF603 for an id that is not in the newest scores. */
export interface Desk extends AsyncDisposable {
  facts(): Promise<Facts>;
  overview(): Promise<Overview>;
  customers(query: CustomersQuery, actor: Actor): Promise<Customers>;
  exportCustomers(query: CustomersQuery, actor: Actor): Promise<CustomersExport>;
  customer(id: string, actor: Actor): Promise<Customer>;
  performance(): Promise<Performance>;
  data(): Promise<DataHealth>;
  /** Scores features that somebody thought up; nothing is recorded. HF504 names the feature that does not fit. */
  whatIf(features: Readonly<Record<string, RequestValue>>): WhatIf;
  /** A row to begin with: that of an id, or a random one of those that the query leaves, then without its id. */
  whatIfStart(from: { readonly id: string } | CustomersQuery, actor: Actor): Promise<WhatIfStart>;
  /** Records what was done about one. HF630 where it is somebody else's, HF611 where it makes no sense. */
  work(id: string, request: WorkRequest, actor: Actor): Promise<Work>;
  /** Gives the actor the most urgent row of the query that is due and nobody's; null where there is none. */
  next(query: CustomersQuery, actor: Actor): Promise<CustomerRow | null>;
}
