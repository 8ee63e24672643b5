import type { GateVerdict } from '../../registry/index.ts';

/** A gate as it is named in the history, such as `threshold auc_roc 30d`. */
export const nameOf = ({ gate, metric, horizonDays, segment }: GateVerdict): string =>
  [
    gate,
    ...(metric === undefined ? [] : [metric]),
    ...(horizonDays === null ? [] : [`${String(horizonDays)}d`]),
    ...(segment === undefined ? [] : [`${segment.name}=${segment.value}`]),
  ].join(' ');

/** A verdict in a line. */
export function verdictText(verdict: GateVerdict): string {
  const { value, limit, compare, reason } = verdict;
  const shown = (number: number | null): string =>
    number === null ? 'not known' : String(Number(number.toPrecision(4)));
  const measured = limit === null ? '' : `: ${shown(value)}, ${compare.replace('_', ' ')} ${shown(limit)}`;
  return `${nameOf(verdict)}${measured}${reason === undefined ? '' : ` (${reason})`}`;
}
