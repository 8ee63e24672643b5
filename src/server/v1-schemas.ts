/** The documents of `/v1/` as JSON Schemas for the OpenAPI document, made of the contract. */
import { z } from 'zod';
import * as contract from '../desk/index.ts';
import { NextRequest, SignIn } from './work-schemas.ts';

const DOCUMENTS = {
  Session: contract.Session,
  SignIn,
  Facts: contract.Facts,
  Overview: contract.Overview,
  Customers: contract.Customers,
  CustomerRow: contract.CustomerRow,
  Customer: contract.Customer,
  Performance: contract.Performance,
  DataHealth: contract.DataHealth,
  WhatIf: contract.WhatIf,
  WhatIfStart: contract.WhatIfStart,
  Work: contract.Work,
  WorkRequest: contract.WorkRequest,
  NextRequest,
  NextRow: contract.CustomerRow.nullable(),
};

/** By the names that routes refer to. */
export function v1Schemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(DOCUMENTS).map(([name, document]) => {
      // Which dialect it is says the document that it becomes part of.
      const { $schema: _dialect, ...schema } = z.toJSONSchema(document);
      return [name, schema];
    }),
  );
}
