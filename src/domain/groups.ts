/**
 * Rows grouped by equal value of a column, sorted once. All metrics are computed from counts of such
 * groups, so that none depends on the order of rows, and a resample needs one pass and no sort.
 */
import { assertLabels, assertSameLength, type Labels } from './columns.ts';
import { descendingOrder } from './order.ts';

/** Rows in descending order of a column. A place is a row's position in that order. */
export interface GroupedRows {
  /** Value of each group, strictly falling. */
  readonly values: Float64Array;
  /** Place after the last row of each group. */
  readonly ends: Uint32Array;
  /** Label at each place. */
  readonly labels: Uint8Array;
  /** Entity at each place: an index of the `copies` that `countGroups` is given. */
  readonly entities: Uint32Array;
}

/** Rows and positives of the groups from the first (highest) up to each, that one included. */
export interface GroupCounts {
  readonly rows: Float64Array;
  readonly positives: Float64Array;
}

/**
 * Sorts and groups rows; without `entities` all rows are of entity 0. Throws HF207 for NaN values
 * and for labels that are not 0 or 1.
 */
export function groupRows(values: Float64Array, labels: Labels, entities?: Uint32Array): GroupedRows {
  assertSameLength({ values, labels, entities });
  assertLabels(labels);
  const order = descendingOrder(values);
  const groupValues = new Float64Array(order.length);
  const ends = new Uint32Array(order.length);
  const orderedLabels = new Uint8Array(order.length);
  const orderedEntities = new Uint32Array(order.length);
  let groups = 0;
  let previous = NaN;
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] as number;
    const value = values[row] as number;
    if (value !== previous) {
      groupValues[groups] = value;
      groups += 1;
      previous = value;
    }
    ends[groups - 1] = place + 1;
    orderedLabels[place] = labels[row] as number;
    if (entities !== undefined) orderedEntities[place] = entities[row] as number;
  }
  return {
    values: groupValues.slice(0, groups),
    ends: ends.slice(0, groups),
    labels: orderedLabels,
    entities: orderedEntities,
  };
}

/**
 * The same groups with neighbours that hold no positive joined into one. No ranking metric can tell
 * the difference, as it reads a curve only where the positives are, and there is far less to go through.
 */
export function joinNegatives(grouped: GroupedRows): GroupedRows {
  const { values, ends, labels } = grouped;
  const kept = new Uint32Array(ends.length);
  let count = 0;
  let open = false;
  let place = 0;
  for (let group = 0; group < ends.length; group += 1) {
    const end = ends[group] as number;
    const negative = !labels.subarray(place, end).includes(1);
    if (negative && open) count -= 1;
    kept[count] = group;
    count += 1;
    open = negative;
    place = end;
  }
  const groups = kept.subarray(0, count);
  return {
    ...grouped,
    values: Float64Array.from(groups, (group) => values[group] as number),
    ends: Uint32Array.from(groups, (group) => ends[group] as number),
  };
}

/** Room for the counts of these groups. */
export function emptyCounts({ values }: GroupedRows): GroupCounts {
  return { rows: new Float64Array(values.length), positives: new Float64Array(values.length) };
}

/** Counts each row as often as `copies` says of its entity, into `counts`. */
export function countGroups(grouped: GroupedRows, copies: Uint8Array, counts: GroupCounts): void {
  const { ends, labels, entities } = grouped;
  let place = 0;
  let rows = 0;
  let positives = 0;
  for (let group = 0; group < ends.length; group += 1) {
    const end = ends[group] as number;
    for (; place < end; place += 1) {
      const times = copies[entities[place] as number] as number;
      rows += times;
      positives += times * (labels[place] as number);
    }
    counts.rows[group] = rows;
    counts.positives[group] = positives;
  }
}

/** Number of leading entries of a non-decreasing column that are below `limit`. */
export function countBelow(column: Float64Array, limit: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
