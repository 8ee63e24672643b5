/** Verdicts of gates as a table. */
import type { GateVerdict } from '../registry/index.ts';
import { formatTable } from './format.ts';

export const gateTable = (verdicts: readonly GateVerdict[]): string =>
  formatTable(
    ['stage', 'gate', 'horizon', 'value', 'limit', 'verdict', 'note'],
    verdicts.map((verdict) => {
      const { stage, gate, horizonDays, metric, segment, value, limit, compare, passed, reason } = verdict;
      const about = [
        ...(metric === undefined ? [] : [metric]),
        ...(segment === undefined ? [] : [`${segment.name} = ${segment.value}`]),
      ];
      return [
        stage,
        about.length === 0 ? gate : `${gate} (${about.join(', ')})`,
        horizonDays === null ? null : `${String(horizonDays)} d`,
        value === null ? null : Number(value.toPrecision(4)),
        limit === null ? null : `${LIMITS[compare]} ${String(Number(limit.toPrecision(4)))}`,
        passed ? 'passed' : 'NOT PASSED',
        reason ?? null,
      ];
    }),
  );

const LIMITS = { at_least: '>=', at_most: '<=', above: '>' } as const;
