/** Schemas of the routes beside scoring, for the OpenAPI document. Those with the entity's key are filled in later. */

const text = { type: 'string' };
const outcome = { type: 'string', enum: ['loaded', 'unchanged', 'refused'] };
const set = {
  type: ['integer', 'null'],
  description: 'number of the set that answers; null where none does',
};

const Reload = {
  type: 'object',
  required: ['outcome', 'model_set', 'hash', 'loaded_at', 'request_id'],
  properties: {
    outcome: { type: 'string', enum: ['loaded', 'unchanged'] },
    model_set: set,
    hash: { type: ['string', 'null'] },
    loaded_at: { type: ['string', 'null'], format: 'date-time' },
    challenger: {
      type: 'object',
      description: 'only where the server was asked for one',
      required: ['outcome', 'model_set'],
      properties: {
        outcome,
        model_set: { type: ['integer', 'null'], description: 'number of the set that challenges' },
        reason: { type: 'string', description: 'why there is none: the champion then answers all' },
      },
    },
    request_id: text,
  },
};

const Outcomes = {
  type: 'object',
  required: ['taken', 'repeated', 'corrected', 'request_id'],
  properties: {
    taken: { type: 'integer', minimum: 0, description: 'new, and on disk' },
    repeated: { type: 'integer', minimum: 0, description: 'known already: counted, and not doubled' },
    corrected: {
      type: 'integer',
      minimum: 0,
      description: 'among those taken: said otherwise before; the later one stands',
    },
    request_id: text,
  },
};

/** By the names that routes refer to. */
export const ROUTE_SCHEMAS: Readonly<Record<string, object>> = {
  Reload,
  RawRow: { type: 'object' },
  Outcome: { type: 'object' },
  OutcomesRequest: {
    anyOf: [{ $ref: 'Outcome#' }, { type: 'array', items: { $ref: 'Outcome#' } }],
  },
  Outcomes,
};
