/** Verdicts of gates as a table. */
import type { GateVerdict } from '../registry/index.ts';
import { formatTable } from './format.ts';

/**
 * Value, limit and verdict of every gate. Segments that passed share a row a horizon, with the value of the worst of
 * them, unless all are asked for.
 */
export const gateTable = (verdicts: readonly GateVerdict[], withSegments = false): string =>
  formatTable(
    ['stage', 'gate', 'horizon', 'value', 'limit', 'verdict', 'note'],
    (withSegments ? verdicts : summarised(verdicts)).map((verdict) => {
      const { stage, horizonDays, value, limit, compare, passed, reason } = verdict;
      return [
        stage,
        gateName(verdict),
        horizonDays === null ? null : `${String(horizonDays)} d`,
        value === null ? null : rounded(value),
        limit === null ? null : `${LIMITS[compare]} ${String(rounded(limit))}`,
        passed ? 'passed' : 'NOT PASSED',
        reason ?? null,
      ];
    }),
  );

/** Counts are shown whole. */
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

const LIMITS = { at_least: '>=', at_most: '<=', above: '>' } as const;

function gateName({ gate, metric, segment }: GateVerdict): string {
  const about = [
    ...(metric === undefined ? [] : [metric]),
    ...(segment === undefined ? [] : [`${segment.name} = ${segment.value}`]),
  ];
  return about.length === 0 ? gate : `${gate} (${about.join(', ')})`;
}

function summarised(verdicts: readonly GateVerdict[]): GateVerdict[] {
  const isPassedSegment = ({ gate, passed }: GateVerdict): boolean => gate === 'segment' && passed;
  const horizons = [...new Set(verdicts.filter(isPassedSegment).map(({ horizonDays }) => horizonDays))];
  return [
    ...verdicts.filter((verdict) => !isPassedSegment(verdict)),
    ...horizons.flatMap((days) =>
      segmentSummary(verdicts.filter((verdict) => isPassedSegment(verdict) && verdict.horizonDays === days)),
    ),
  ];
}

function segmentSummary(segments: readonly GateVerdict[]): GateVerdict[] {
  const judged = segments.filter(({ value }) => value !== null);
  const worst = judged.reduce<GateVerdict | undefined>(
    (found, verdict) =>
      found === undefined || Number(verdict.value) < Number(found.value) ? verdict : found,
    undefined,
  );
  const shown = worst ?? segments[0];
  if (shown === undefined) return [];
  const small = segments.length - judged.length;
  return [
    {
      ...shown,
      reason: [
        ...(judged.length === 0 ? [] : [`the worst of ${String(judged.length)} segments that passed`]),
        ...(small === 0 ? [] : [`${String(small)} with too few rows to judge`]),
      ].join('; '),
    },
  ];
}
