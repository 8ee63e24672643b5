/** The contract of what `POST /outcomes` takes: its checks, which name the field, and the same as a JSON Schema. */
import type { ReportedOutcome } from '../workflow/index.ts';
import { misfit } from './error-shape.ts';
import { idOf, kindOf } from './feature-schema.ts';
import { USABLE_REQUEST_ID } from './request-id.ts';

const OUTCOMES = ['left', 'stayed'] as const;
/** Nowhere has a day begun that is later than this many hours before it begins in UTC. */
const EARLIEST_ZONE_HOURS = 14;
const HOUR_MS = 3_600_000;

export interface OutcomeContract {
  /** Name of the entity's key. */
  readonly idField: string;
  /** Days of the horizons that an outcome may be said of. */
  readonly horizons: readonly number[];
}

/** Reads one outcome of a request. @throws HF611 with the field that does not fit. */
export function readOutcome(
  { idField, horizons }: OutcomeContract,
  value: unknown,
  now: Date,
): ReportedOutcome {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw misfit(
      '',
      `expected an object, not ${kindOf(value)}`,
      `send {"${idField}": ..., "outcome": "left", ...}`,
    );
  }
  const given = value as Readonly<Record<string, unknown>>;
  const fields = [idField, 'outcome', 'observed_on', 'horizon', 'request_id'];
  const entityId = idOf(given, idField);
  const outcome = outcomeOf(own(given, 'outcome'));
  const observedOn = dayOf(own(given, 'observed_on'), now);
  const horizonDays = horizonOf(own(given, 'horizon'), horizons);
  const requestId = requestIdOf(own(given, 'request_id'));
  const unknown = Object.keys(given).find((name) => !fields.includes(name));
  if (unknown !== undefined)
    throw misfit(unknown.slice(0, 256), 'the field is unknown', `there are ${fields.join(', ')}`);
  return {
    entityId,
    outcome,
    observedOn,
    ...(horizonDays === undefined ? {} : { horizonDays }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

const own = (given: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(given, name) ? given[name] : undefined;

function outcomeOf(value: unknown): ReportedOutcome['outcome'] {
  if (value === 'left' || value === 'stayed') return value;
  const hint = 'send "left" or "stayed"';
  if (value === undefined) throw misfit('outcome', 'the field is missing', hint);
  throw misfit(
    'outcome',
    typeof value === 'string' ? 'the text is no outcome' : `expected a text, not ${kindOf(value)}`,
    hint,
  );
}

function dayOf(value: unknown, now: Date): string {
  const hint = 'send the day on which it was seen as YYYY-MM-DD';
  const refuse = (message: string): Error => misfit('observed_on', message, hint);
  if (value === undefined) throw refuse('the field is missing');
  if (typeof value !== 'string') throw refuse(`expected a day as text, not ${kindOf(value)}`);
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  // `2024-02-30` is read as a day of March by some.
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== value)
    throw refuse('the text is no day of the calendar');
  if (instant > now.getTime() + EARLIEST_ZONE_HOURS * HOUR_MS)
    throw refuse('the day lies in the future: nobody can have seen it');
  return value;
}

function horizonOf(value: unknown, horizons: readonly number[]): number | undefined {
  if (value === undefined || value === null) return undefined;
  const found = horizons.find((days) => value === `${String(days)}d`);
  if (found !== undefined) return found;
  throw misfit(
    'horizon',
    typeof value === 'string' ? 'there is no such horizon' : `expected a text, not ${kindOf(value)}`,
    `send one of ${horizons.map((days) => `"${String(days)}d"`).join(', ')}, or leave it out`,
  );
}

function requestIdOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && USABLE_REQUEST_ID.test(value)) return value;
  throw misfit(
    'request_id',
    typeof value === 'string' ? 'the text is no id of a request' : `expected a text, not ${kindOf(value)}`,
    'send the request_id of the answer that the outcome is said of, or leave it out',
  );
}

/** The same contract as a JSON Schema. */
export function outcomeSchema({ idField, horizons }: OutcomeContract): Readonly<Record<string, unknown>> {
  return {
    type: 'object',
    additionalProperties: false,
    required: [idField, 'outcome', 'observed_on'],
    properties: {
      [idField]: { type: 'string', minLength: 1, maxLength: 256, description: 'key of the entity' },
      outcome: { type: 'string', enum: [...OUTCOMES] },
      observed_on: {
        type: 'string',
        format: 'date',
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
        description: 'day on which it was seen; none in the future',
      },
      horizon: {
        enum: [...horizons.map((days) => `${String(days)}d`), null],
        description: 'horizon that it is said of, where it is said of one',
      },
      request_id: {
        type: ['string', 'null'],
        pattern: USABLE_REQUEST_ID.source,
        description: 'request_id of the prediction that it is said of, where it is said of one',
      },
    },
  };
}
