/** Filters and order of the queue, as they stand in its address. */

export const TABS = ['due', 'snoozed', 'suppressed', 'done', 'all'] as const;
export const OUTCOMES = ['contacted', 'accepted_offer', 'refused', 'no_answer', 'left'] as const;

/** What rows can be sorted by, beside `probability_<days>d`; without `sort` by `value_at_risk`, the highest first. */
export const SORTS = [
  'value_at_risk',
  'remaining_value',
  'expected_gain',
  'contact_by',
  'tier',
  'id',
] as const;

/** Filters and order of the queue; what is not there does not filter. */
export interface CustomersQuery {
  readonly tab?: (typeof TABS)[number];
  readonly tier?: readonly string[];
  readonly owner?: readonly string[];
  /** Id of a key, `me` or `nobody`. */
  readonly assignee?: string;
  /** Beginning of an id. */
  readonly search?: string;
  /** The horizon that `probability_from` and `probability_to` speak of. */
  readonly horizon?: number;
  readonly probability_from?: number;
  readonly probability_to?: number;
  /** A second range, at `other_horizon`: the cells of the heatmap. */
  readonly other_horizon?: number;
  readonly other_from?: number;
  readonly other_to?: number;
  readonly outcome?: (typeof OUTCOMES)[number];
  readonly overdue?: boolean;
  /** `segment.<name>=<value>` in the address. */
  readonly segments?: Readonly<Record<string, readonly string[]>>;
  readonly sort?: string;
  readonly order?: 'ascending' | 'descending';
  readonly offset?: number;
  readonly limit?: number;
}
