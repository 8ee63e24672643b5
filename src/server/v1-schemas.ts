/** Schemas of the documents under `/v1/` for the OpenAPI document, made of the ones that they are typed by. */
import { z } from 'zod';
import {
  Customer,
  Customers,
  CustomerRow,
  DataHealth,
  Facts,
  Overview,
  People,
  Performance,
  Session,
  WhatIf,
  WhatIfStart,
  Work,
  WorkRequest,
} from '../desk/index.ts';
import { NextRequest, SignIn } from './work-schemas.ts';

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
export function v1Schemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(DOCUMENTS).map(([name, document]) => {
      const { $schema: _dialect, ...schema } = z.toJSONSchema(document, {
        override({ jsonSchema }) {
          // A format says it in a word, and every whole number is one that JavaScript can hold.
          if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
          if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
          if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        },
      });
      return [name, schema];
    }),
  );
}

const text = { type: 'string' };
const texts = { type: 'array', items: text };
const whole = { type: 'integer', minimum: 0 };
const share = { type: 'number', minimum: 0, maximum: 1 };

/** What the filters and the order of the queue are, as parameters of an address. */
export const CUSTOMERS_PARAMETERS: Readonly<Record<string, object>> = {
  tab: {
    type: 'string',
    enum: ['due', 'snoozed', 'suppressed', 'done', 'all'],
    description: 'what people did about them; due unless said otherwise',
  },
  tier: { ...texts, description: 'may be given several times' },
  owner: { ...texts, description: 'team that does the work; may be given several times' },
  assignee: { ...text, description: 'id of a key, me, nobody or anybody' },
  search: { ...text, description: 'beginning of an id, in capitals or not' },
  horizon: { ...whole, description: 'days that the range of probability is of; the longest by default' },
  probability_from: { ...share, description: 'lowest probability' },
  probability_to: { ...share, description: 'first probability above the range; 1 is among it' },
  other_horizon: { ...whole, description: 'days of a second range; the shortest by default' },
  other_from: share,
  other_to: share,
  outcome: {
    type: 'string',
    enum: ['contacted', 'accepted_offer', 'refused', 'no_answer', 'left'],
    description: 'what the last contact since the score date came to',
  },
  overdue: { type: 'boolean', description: 'due, and the time of its tier is over' },
  'segment.{name}': {
    ...texts,
    description: 'value of a segment of GET /v1/facts; may be given several times',
  },
  sort: {
    ...text,
    description:
      'value_at_risk (the default), remaining_value, expected_gain, contact_by, tier, id, or probability_<days>d',
  },
  order: {
    type: 'string',
    enum: ['ascending', 'descending'],
    description: 'what is urgent comes first by default',
  },
};

/** The part of the rows that a page shows. */
export const PAGE_PARAMETERS: Readonly<Record<string, object>> = {
  offset: { ...whole, description: 'rows that are left out before the page' },
  limit: {
    type: 'integer',
    minimum: 1,
    maximum: 60,
    description: 'rows of a page; 50 unless said otherwise',
  },
};
