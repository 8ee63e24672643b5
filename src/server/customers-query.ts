/** The filters of the queue as they stand in an address. */
import { CustomersFilter, CustomersQuery } from '../desk/index.ts';
import { misfit } from './error-shape.ts';
import { readBody } from './json-body.ts';
import { jsonSchemaOf } from './json-schema.ts';

const SEGMENT = 'segment.';

/** The filters and the order, as parameters of an address. */
export const CUSTOMERS_PARAMETERS = parametersOf(CustomersFilter);
/** With the part of the rows that a page shows. */
export const PAGE_PARAMETERS = parametersOf(CustomersQuery);

/** How numbers are written. */
const NUMBERS: Partial<Readonly<Record<Parameter['type'], RegExp>>> = {
  integer: /^\d{1,9}$/,
  number: /^\d*\.?\d+(e-?\d{1,3})?$/i,
};

interface Parameter {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  readonly description: string;
}

/**
 * The filters and the order, and with `hasPages` the part of the rows.
 *
 * @throws HF611 with the name of a parameter that is unknown, given too often or does not fit. Which tiers, horizons and
 *   segments there are knows the desk.
 */
export function readCustomersQuery(given: unknown, { hasPages = false } = {}): CustomersQuery {
  const parameters = hasPages ? PAGE_PARAMETERS : CUSTOMERS_PARAMETERS;
  const fields: [name: string, value: unknown][] = [];
  const segments: [name: string, values: readonly unknown[]][] = [];
  for (const [name, value] of Object.entries(given as Readonly<Record<string, unknown>>)) {
    if (name.startsWith(SEGMENT)) {
      segments.push([name.slice(SEGMENT.length), [value].flat()]);
      continue;
    }
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined)
      throw misfit(
        name.slice(0, 80),
        'the parameter is unknown',
        `there are ${Object.keys(parameters).join(', ')}`,
      );
    if (Array.isArray(value) && parameter.type !== 'array')
      throw misfit(name, 'the parameter is given more than once', 'give it once');
    fields.push([name, valueOf(value, parameter)]);
  }
  if (segments.length > 0) fields.push(['segments', Object.fromEntries(segments)]);
  return readBody(CustomersQuery, Object.fromEntries(fields));
}

/** What a text of an address says; one that does not say it stays a text, which the schema refuses. */
function valueOf(value: unknown, { type }: Parameter): unknown {
  if (type === 'array') return [value].flat();
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  const pattern = NUMBERS[type];
  return pattern !== undefined && typeof value === 'string' && pattern.test(value) ? Number(value) : value;
}

function parametersOf(schema: typeof CustomersFilter): Readonly<Record<string, Parameter>> {
  return Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => {
      const { description = '', ...schema } = jsonSchemaOf(field);
      const isSegments = name === 'segments';
      const parameter = (isSegments ? schema.additionalProperties : schema) as Omit<Parameter, 'description'>;
      return [isSegments ? `${SEGMENT}{name}` : name, { ...parameter, description }];
    }),
  );
}
