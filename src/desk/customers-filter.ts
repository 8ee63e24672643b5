/** Which rows a query leaves, as a condition whose values are all bound: what somebody typed never becomes SQL. */
import type { Parameter } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { CustomersQuery } from './contract.ts';
import type { ReadModel } from './read-model.ts';

/** Who asks, and when. */
export interface Asking {
  readonly actorId: string;
  /** ISO 8601. */
  readonly now: string;
}

/** Over the tables `scores` and `work`. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** What an entity is today; somebody has worked on few of them. */
export const STATUS = `CASE
  WHEN work.id IS NULL THEN CASE WHEN scores.is_contacted THEN 'due' ELSE 'none' END
  WHEN scores.is_contacted THEN work.status_contacted ELSE work.status_other END`;

/** The tables of a model under the names that conditions use. */
export const fromModel = (model: ReadModel): string =>
  `FROM ${model.scores} AS scores LEFT JOIN ${model.work} AS work ON work.id = scores.id`;

/**
 * The condition of a query.
 *
 * @throws HF611 with the field that the pack does not have.
 */
export function conditionOf(query: CustomersQuery, model: ReadModel, asking: Asking): Condition {
  const parts: string[] = [];
  const parameters: Record<string, Parameter> = {};
  const bind = (value: Parameter): string => {
    const name = `p${String(Object.keys(parameters).length)}`;
    parameters[name] = value;
    return `$${name}`;
  };
  const among = (column: string, values: readonly string[]): void => {
    parts.push(`${column} IN (${values.map(bind).join(', ')})`);
  };

  const tab = query.tab ?? 'due';
  if (tab !== 'all') parts.push(`${STATUS} = ${bind(tab)}`);
  if (query.tier !== undefined && query.tier.length > 0) {
    for (const tier of query.tier) oneOf('tier', tier, model.tiers);
    among('scores.tier', query.tier);
  }
  if (query.owner !== undefined && query.owner.length > 0) among('scores.owner', query.owner);
  if (query.assignee !== undefined) {
    if (query.assignee === 'nobody') parts.push('work.assignee_id IS NULL');
    else if (query.assignee === 'anybody') parts.push('work.assignee_id IS NOT NULL');
    else parts.push(`work.assignee_id = ${bind(query.assignee === 'me' ? asking.actorId : query.assignee)}`);
  }
  if (query.search !== undefined && query.search !== '')
    parts.push(`starts_with(lower(scores.id), lower(CAST(${bind(query.search)} AS STRING)))`);
  const range = (
    days: number | undefined,
    usual: number | undefined,
    from: number | undefined,
    to: number | undefined,
    field: string,
  ): void => {
    const wanted = days ?? usual;
    if (days !== undefined) oneOf(field, String(days), model.horizons.map(String));
    const column = `scores.probability_${String(wanted)}d`;
    if (from !== undefined) parts.push(`${column} >= CAST(${bind(from)} AS DOUBLE)`);
    // The last band holds those who are certain to leave.
    if (to !== undefined && to < 1) parts.push(`${column} < CAST(${bind(to)} AS DOUBLE)`);
  };
  const { horizons } = model;
  range(query.horizon, horizons.at(-1), query.probability_from, query.probability_to, 'horizon');
  range(query.other_horizon, horizons[0], query.other_from, query.other_to, 'other_horizon');
  if (query.outcome !== undefined) {
    parts.push(`work.last_outcome = ${bind(query.outcome)}`);
    parts.push(`work.last_contact_at >= CAST(${bind(model.asOf)} AS DATE)`);
  }
  if (query.overdue !== undefined) {
    const overdue = `(${STATUS} = 'due' AND coalesce(scores.contact_by < CAST(${bind(asking.now)} AS TIMESTAMPTZ), false))`;
    parts.push(query.overdue ? overdue : `NOT ${overdue}`);
  }
  for (const [name, values] of Object.entries(query.segments ?? {})) {
    const segment = model.segments.find((known) => known.name === name);
    if (segment === undefined)
      throw unknownValue(
        `segment.${name}`,
        'there is no such segment',
        model.segments.map((known) => `segment.${known.name}`),
      );
    if (values.length > 0) among(`scores.${segment.column}`, values);
  }
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), parameters };
}

/** What rows are ordered by: an expression over `scores`. */
export interface SortKey {
  readonly expression: string;
  readonly direction: 'ASC NULLS LAST' | 'DESC NULLS LAST';
}

/**
 * The order of a query; its last key tells all rows apart.
 *
 * @throws HF611 for a sort that there is not.
 */
export function orderOf(query: CustomersQuery, model: ReadModel): SortKey[] {
  const { sort = 'value_at_risk' } = query;
  const known = sortsOf(model);
  const columns = known.get(sort);
  if (columns === undefined) throw unknownValue('sort', 'rows are not sorted by that', [...known.keys()]);
  const order = query.order ?? (ASCENDING.includes(sort) ? 'ascending' : 'descending');
  // The rows were numbered in this order.
  if (sort === 'value_at_risk' && order === 'descending')
    return [{ expression: 'scores.place', direction: 'ASC NULLS LAST' }];
  const direction = order === 'ascending' ? 'ASC NULLS LAST' : 'DESC NULLS LAST';
  const keys = columns.map((column): SortKey => ({ expression: `scores.${column}`, direction }));
  return sort === 'id' ? keys : [...keys, { expression: 'scores.id_rank', direction: 'ASC NULLS LAST' }];
}

/** What rows can be sorted by, with its columns. */
function sortsOf({ horizons }: ReadModel): Map<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    ['value_at_risk', ['value_at_risk']],
    ['remaining_value', ['remaining_value']],
    ['expected_gain', ['expected_gain']],
    ['contact_by', ['contact_by']],
    ['tier', ['tier_rank']],
    ['id', ['id_rank']],
    // Isotonic steps make ties among probabilities that the raw score tells apart.
    ...horizons.map(
      (days) =>
        [
          `probability_${String(days)}d`,
          [`probability_${String(days)}d`, `raw_score_${String(days)}d`],
        ] as const,
    ),
  ]);
}

/** What begins with the smallest unless said otherwise: the most urgent comes first. */
const ASCENDING = ['contact_by', 'tier', 'id'];

function oneOf(field: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return value;
  throw unknownValue(field, 'the value is not known', known);
}

const unknownValue = (field: string, message: string, known: readonly string[]): HoldfastError =>
  new HoldfastError('HF611', {
    message,
    hint: known.length === 0 ? 'leave it out: there are none' : `there are ${known.join(', ')}`,
    place: { field },
  });
