/** Filters and order of the queue: its address is read by them, and so is the body that asks for the next row. */
import { z } from 'zod';
import { CONTACT_OUTCOMES } from '../../domain/index.ts';
import { days, share } from './scalars.ts';

const TABS = ['due', 'snoozed', 'suppressed', 'done', 'all'] as const;

/** What rows can be sorted by, beside `probability_<days>d`; without `sort` by `value_at_risk`, the highest first. */
const SORTS = ['value_at_risk', 'remaining_value', 'expected_gain', 'contact_by', 'tier', 'id'] as const;

/** Rows that a page has at most. */
const ROWS_AT_MOST = 60;

const text = z
  .string()
  .max(256)
  .refine((given) => !/\p{Cc}/u.test(given), 'the text has control characters');
/** Whole numbers of a body must be ones that JSON holds without loss. */
const horizon = days.max(36_500);
const texts = z.array(text).max(50).readonly();

/** What is not there does not filter. */
export const CustomersFilter = z.strictObject({
  tab: z.enum(TABS).describe('what people did about them; due unless said otherwise').exactOptional(),
  tier: texts.describe('any of these tiers').exactOptional(),
  owner: texts.describe('any of these teams, which do the work').exactOptional(),
  assignee: text.describe('id of a key, me, nobody or anybody').exactOptional(),
  search: text.describe('beginning of an id, in capitals or not').exactOptional(),
  horizon: horizon
    .describe('days that the range of probability is of; the longest by default')
    .exactOptional(),
  probability_from: share.describe('lowest probability').exactOptional(),
  probability_to: share.describe('first probability above the range; 1 is among it').exactOptional(),
  // The cells of the heatmap have two ranges.
  other_horizon: horizon.describe('days of a second range; the shortest by default').exactOptional(),
  other_from: share.describe('lowest probability of the second range').exactOptional(),
  other_to: share.describe('first probability above the second range; 1 is among it').exactOptional(),
  outcome: z
    .enum(CONTACT_OUTCOMES)
    .describe('what the last contact since the score date came to')
    .exactOptional(),
  overdue: z.boolean().describe('due, and the time of its tier is over').exactOptional(),
  segments: z
    .record(text, texts)
    .describe('any of these values of a segment of GET /v1/facts')
    .exactOptional(),
  sort: text.describe(`${SORTS.join(', ')}, or probability_<days>d; the first by default`).exactOptional(),
  order: z
    .enum(['ascending', 'descending'])
    .describe('what is urgent comes first by default')
    .exactOptional(),
});

/** The filters, and the part of the rows that a page shows. */
export const CustomersQuery = CustomersFilter.extend({
  offset: z.int().min(0).describe('rows that are left out before the page').exactOptional(),
  limit: z
    .int()
    .min(1)
    .max(ROWS_AT_MOST)
    .describe('rows of a page; 50 unless said otherwise')
    .exactOptional(),
});
export type CustomersQuery = Readonly<z.infer<typeof CustomersQuery>>;

/** The filters by which the most urgent row is chosen: of work that is due and nobody’s. */
export const NextRequest = CustomersFilter.omit({ tab: true, assignee: true });
