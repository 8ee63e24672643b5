/** Schemas of bodies and answers for the OpenAPI document. `PredictRequest` is filled in from the feature contract. */

import { routeSchemas } from './route-schemas.ts';

const share = { type: 'number', minimum: 0, maximum: 1 };
const text = { type: 'string' };
const decile = { type: 'integer', minimum: 1, maximum: 10, description: '10 is the highest risk' };

const COMMON = {
  reasons: { type: 'array', items: text, maxItems: 3, description: 'the strongest first, in plain words' },
  contributions: {
    type: 'array',
    description:
      'with explain=true: log-odds by feature, which add up with the base to the raw score, from which the probability is calibrated',
    items: {
      type: 'object',
      required: ['horizon', 'base', 'features'],
      properties: {
        horizon: text,
        base: { type: 'number' },
        features: { type: 'object', additionalProperties: { type: 'number' } },
      },
    },
  },
  unseen_categories: {
    type: 'array',
    items: text,
    description: 'features whose category no row of training had; it counts as not known',
  },
  model_set: { type: 'integer', description: 'only where a challenger is at work: the set that answered' },
  unread_fields: {
    type: 'array',
    items: text,
    description: 'of a row as delivered: fields whose text is none of their type; they count as missing',
  },
  features_as_of: {
    type: 'string',
    format: 'date',
    description: 'day of the snapshot that the features were looked up in',
  },
  request_id: text,
};

const OF_HORIZONS = {
  title: 'several horizons',
  type: 'object',
  required: ['predictions', 'risk_tier', 'action', 'owner', 'sla', 'reasons', 'scored_at', 'request_id'],
  properties: {
    predictions: {
      type: 'object',
      description: 'by horizon, such as 30d',
      additionalProperties: {
        type: 'object',
        required: ['probability', 'risk_decile', 'risk_score'],
        properties: {
          probability: { ...share, description: 'calibrated; not lower than that of a shorter horizon' },
          risk_decile: decile,
          risk_score: { ...share, description: '0.5 is as likely as the average' },
        },
      },
    },
    risk_tier: { ...text, description: 'one of those in GET /model/info, or the tier of all others' },
    action: { ...text, description: 'what to do with who is in this tier' },
    owner: { ...text, description: 'the team that does it' },
    sla: { ...text, description: 'how soon' },
    scored_at: { type: 'string', format: 'date-time' },
    ...COMMON,
  },
};

const OF_ONE_HORIZON = {
  title: 'one horizon',
  type: 'object',
  required: [
    'churn_probability',
    'will_churn',
    'risk_level',
    'recommendation',
    'timestamp',
    'latency_ms',
    'request_id',
  ],
  properties: {
    churn_probability: share,
    will_churn: { type: 'boolean', description: 'leaving is at least as likely as staying' },
    risk_level: { type: 'string', description: 'the tier of the pack' },
    risk_score: share,
    risk_decile: decile,
    recommendation: text,
    timestamp: { type: 'string', format: 'date-time' },
    latency_ms: { type: 'number' },
    ...COMMON,
  },
};

const ERROR_PARTS = {
  type: 'object',
  required: ['code', 'message', 'hint', 'request_id'],
  additionalProperties: false,
  properties: {
    code: { type: 'string', pattern: '^HF[0-9]{3}$' },
    message: text,
    hint: { type: 'string', description: 'what to do' },
    field: { type: 'string', description: 'of the request; in a batch with the index of the row: [3].name' },
    request_id: text,
  },
};

const REFUSED_ROW = {
  title: 'refused row',
  type: 'object',
  required: ['index', 'error'],
  properties: { index: { type: 'integer', minimum: 0 }, error: ERROR_PARTS },
};

/** A form of the answer with the key of the entity, which is named after it. */
const about = (
  idField: string,
  { required, properties, ...form }: typeof OF_HORIZONS | typeof OF_ONE_HORIZON,
): object => ({
  ...form,
  required: [idField, ...required],
  properties: { [idField]: { ...text, description: 'the key that was asked about' }, ...properties },
});

export interface AnswerFacts {
  /** Name of the entity's key in requests and answers. */
  readonly idField: string;
  /** Rows of a list at most. */
  readonly maxBatchSize: number;
}

/** By the names that routes refer to. */
export function answerSchemas({ idField, maxBatchSize }: AnswerFacts): Readonly<Record<string, object>> {
  const forms = [about(idField, OF_HORIZONS), about(idField, OF_ONE_HORIZON)];
  return {
    Error: {
      type: 'object',
      required: ['error'],
      additionalProperties: false,
      properties: { error: ERROR_PARTS },
    },
    ...routeSchemas(maxBatchSize),
    PredictRequest: { type: 'object' },
    PredictBatchRequest: { type: 'array', maxItems: maxBatchSize, items: { $ref: 'PredictRequest#' } },
    Prediction: { anyOf: forms },
    PredictBatch: {
      anyOf: [
        { title: 'list', type: 'array', items: { anyOf: [...forms, REFUSED_ROW] } },
        {
          title: 'with summary=true',
          type: 'object',
          required: ['predictions', 'total_processed', 'high_risk_count', 'processing_time_ms', 'request_id'],
          properties: {
            predictions: {
              type: 'array',
              items: { anyOf: forms },
              description: 'of the rows that were scored, in their order',
            },
            total_processed: { type: 'integer', description: 'rows that were scored' },
            high_risk_count: { type: 'integer', description: 'rows of the most urgent tier' },
            processing_time_ms: { type: 'number' },
            errors: {
              type: 'array',
              items: REFUSED_ROW,
              description: 'with partial=true: refused rows by their index in the request; absent where none',
            },
            request_id: text,
          },
        },
      ],
    },
  };
}
