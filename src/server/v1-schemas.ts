/** Schemas of the documents under `/v1/` for the OpenAPI document, made of the ones that they are typed by. */
import {
  Customer,
  Customers,
  CustomerRow,
  DataHealth,
  Facts,
  NextRequest,
  Overview,
  People,
  Performance,
  Session,
  SignIn,
  WhatIf,
  WhatIfStart,
  Work,
  WorkRequest,
} from '../desk/index.ts';
import { jsonSchemaOf } from './json-schema.ts';

const DOCUMENTS = {
  Customer,
  Customers,
  DataHealth,
  Facts,
  NextRequest,
  NextRow: CustomerRow.nullable(),
  Overview,
  People,
  Performance,
  Session,
  SignIn,
  WhatIf,
  WhatIfStart,
  Work,
  WorkRequest,
} as const;

/** By the names that routes refer to. */
export const v1Schemas = (): Record<string, object> =>
  Object.fromEntries(Object.entries(DOCUMENTS).map(([name, document]) => [name, jsonSchemaOf(document)]));
