/** The filters of the address in words, and the address without each of them. */
import type { Facts } from '../../../../src/desk/contract.ts';
import { MISSING, percentAsTyped } from '../../ui/format.ts';
import { outcomeLabel } from '../../ui/work/words.ts';
import { changed, type QueueSearch } from '../queue-search.ts';

export interface ActiveFilter {
  readonly label: string;
  readonly without: QueueSearch;
}

const ASSIGNEES: Readonly<Record<string, string>> = { me: 'me', nobody: 'nobody', anybody: 'somebody' };

const MANY = [
  ['tier', 'Tier'],
  ['owner', 'Team'],
] as const;

export function activeFilters(search: QueueSearch, facts: Facts): ActiveFilter[] {
  const filters: ActiveFilter[] = [];
  const add = (label: string, patch: Readonly<Record<string, unknown>>): void => {
    filters.push({ label, without: changed(search, patch) });
  };
  const addMany = (name: string, title: string, values: readonly string[]): void => {
    for (const value of values)
      add(`${title}: ${value}`, { [name]: values.filter((other) => other !== value) });
  };
  for (const [name, title] of MANY) addMany(name, title, search[name] ?? []);
  const { assignee, search: id, outcome, overdue } = search;
  if (assignee !== undefined) add(`Assignee: ${ASSIGNEES[assignee] ?? assignee}`, { assignee: undefined });
  if (id !== undefined) add(`Id begins with ${id}`, { search: undefined });
  const { horizons } = facts;
  const days = search.horizon ?? horizons.at(-1);
  if (search.probability_from !== undefined || search.probability_to !== undefined)
    add(rangeText(days, search.probability_from, search.probability_to), {
      probability_from: undefined,
      probability_to: undefined,
    });
  if (search.other_from !== undefined || search.other_to !== undefined)
    add(rangeText(search.other_horizon ?? horizons[0], search.other_from, search.other_to), {
      other_horizon: undefined,
      other_from: undefined,
      other_to: undefined,
    });
  if (outcome !== undefined) add(`Last outcome: ${outcomeLabel(outcome)}`, { outcome: undefined });
  if (overdue !== undefined) add(overdue ? 'Overdue' : 'Not overdue', { overdue: undefined });
  for (const [name, values] of Object.entries(search)) {
    if (!name.startsWith('segment.')) continue;
    const segment = facts.segments.find((known) => `segment.${known.name}` === name);
    addMany(name, segment?.label ?? name, values as string[]);
  }
  return filters;
}

const rangeText = (days: number | undefined, from = 0, to = 1): string =>
  `${days === undefined ? MISSING : String(days)}-day risk: ${percentAsTyped(from)} % to ${percentAsTyped(to)} %`;

/** The address with none of the filters; the tab, the order and the look of the rows stay. */
export function withoutFilters({ tab, sort, order, density }: QueueSearch): QueueSearch {
  return changed({}, { tab, sort, order, density });
}

/** What the rows are ordered by, in words. */
export function orderText({ sort = 'value_at_risk', order }: QueueSearch): string {
  const name = SORT_NAMES[sort] ?? sort.replace(/^probability_(\d+)d$/, '$1-day risk').replaceAll('_', ' ');
  const isAscending = (order ?? usualOrder(sort)) === 'ascending';
  if (sort === 'tier') return isAscending ? 'the most urgent tier first' : 'the least urgent tier first';
  if (sort === 'contact_by')
    return isAscending ? 'the nearest deadline first' : 'the furthest deadline first';
  return `${isAscending ? 'lowest' : 'highest'} ${name} first`;
}

const SORT_NAMES: Readonly<Record<string, string>> = {
  value_at_risk: 'value at risk',
  remaining_value: 'remaining value',
  expected_gain: 'expected gain',
};

/** As the server has it: names and deadlines begin with the first, figures with the highest. */
export const usualOrder = (sort: string): 'ascending' | 'descending' =>
  ['contact_by', 'tier', 'id'].includes(sort) ? 'ascending' : 'descending';
