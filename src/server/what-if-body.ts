/** The body of a what-if: `{"features": {...}}`, by the same contract as `POST /predict`. */
import { HoldfastError } from '../kernel/index.ts';
import type { RequestValue, ScoringService } from '../workflow/index.ts';
import { misfit } from './error-shape.ts';
import { kindOf } from './feature-schema.ts';
import { followingReader } from './scoring.ts';

type Features = Readonly<Record<string, RequestValue>>;

/** Nobody: the reader of rows asks for a key. */
const NOBODY = 'what-if';
const HINT = 'send {"features": {...}} with all features; GET /openapi.json lists them';

/** A reader that follows the service. It throws HF611 with the field that does not fit. */
export function featuresReader(service: ScoringService): () => (body: unknown) => Features {
  const rows = followingReader(service);
  return () => {
    const read = rows();
    return (body) => {
      const given = objectIn(body, '');
      const unknown = Object.keys(given).find((name) => name !== 'features');
      if (unknown !== undefined) throw misfit(unknown.slice(0, 256), 'the field is unknown', HINT);
      if (!Object.hasOwn(given, 'features')) throw misfit('features', 'the field is missing', HINT);
      const features = objectIn(given['features'], 'features');
      if (Object.hasOwn(features, service.idField))
        throw misfit(`features.${service.idField}`, 'a what-if is of nobody', 'leave the key out');
      const row = below('features.', () => read({ [service.idField]: NOBODY, ...features }));
      if (row.features === undefined) throw misfit('features', 'there are no features', HINT);
      return row.features;
    };
  };
}

function objectIn(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw misfit(field, `expected an object, not ${kindOf(value)}`, HINT);
}

/** What is said of a field, said of its place in the body. */
function below<T>(prefix: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const field = error.place?.field;
    throw misfit(field === undefined ? '' : `${prefix}${field}`, error.message, error.hint ?? HINT);
  }
}
