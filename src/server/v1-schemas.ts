/** The documents of `/v1/` for the OpenAPI document, made of the contract that they are typed by. */
import { z } from 'zod';
import {
  Customer,
  Customers,
  DataHealth,
  Facts,
  Overview,
  Performance,
  WhatIf,
  WhatIfStart,
} from '../desk/index.ts';

const DOCUMENTS = { Customer, Customers, DataHealth, Facts, Overview, Performance, WhatIf, WhatIfStart };

/** By the names that routes refer to. */
export function v1Schemas(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(DOCUMENTS).map(([name, document]) => {
      const { $schema: _dialect, ...schema } = z.toJSONSchema(document) as Record<string, unknown>;
      return [name, schema];
    }),
  );
}
