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

const Health = {
  type: 'object',
  required: ['status', 'model_loaded', 'uptime_seconds', 'version'],
  properties: {
    status: { type: 'string', enum: ['healthy'] },
    model_loaded: { type: 'boolean' },
    uptime_seconds: { type: 'integer', minimum: 0 },
    version: text,
  },
};

const Ready = {
  type: 'object',
  required: ['status', 'models_loaded'],
  properties: {
    status: { type: 'string', enum: ['ready'] },
    models_loaded: { type: 'integer', minimum: 1 },
    lookup: {
      type: 'string',
      enum: ['loaded', 'loading', 'none'],
      description: 'whether a key alone is enough: not while features are loading, nor where there are none',
    },
  },
};

const ModelInfo = {
  type: 'object',
  required: ['model_set', 'hash', 'loaded_at', 'models', 'thresholds'],
  properties: {
    model_set: { type: 'integer' },
    hash: text,
    loaded_at: { type: 'string', format: 'date-time' },
    models: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'version', 'horizon', 'trees', 'load_seconds'],
        properties: {
          name: text,
          version: { type: 'integer' },
          horizon: { type: 'string', description: 'such as 30d' },
          trees: { type: 'integer' },
          load_seconds: { type: 'number' },
        },
      },
    },
    thresholds: {
      type: 'object',
      description: 'how tiers are given, the most urgent first; horizons in days',
    },
    challenger: { type: 'object', description: 'only where the server was asked for one' },
  },
};

/** By the names that routes refer to. */
export const routeSchemas = (maxBatchSize: number): Readonly<Record<string, object>> => ({
  Health,
  Ready,
  ModelInfo,
  Reload,
  RawRow: { type: 'object' },
  Outcome: { type: 'object' },
  OutcomesRequest: {
    anyOf: [{ $ref: 'Outcome#' }, { type: 'array', maxItems: maxBatchSize, items: { $ref: 'Outcome#' } }],
  },
  Outcomes,
});
