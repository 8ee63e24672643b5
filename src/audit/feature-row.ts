/** One row a feature, as an auditor wants it: where from, over which window, available when. */
import type { Feature, Pack } from '../pack/index.ts';
import type { JudgedFinding } from './finding.ts';
import { type Origins, traceColumn } from './origins.ts';

export interface FeatureRow {
  readonly feature: string;
  /** Tables of the lake that it is read from, through `known.*`. */
  readonly tables: readonly string[];
  /** Their columns as `table.column`; `table.*` where rows are counted. */
  readonly columns: readonly string[];
  /** Raw columns as `bronze.table.column`. */
  readonly rawColumns: readonly string[];
  readonly window: string;
  readonly available: string;
  readonly verdict: 'none' | 'acknowledged' | 'finding';
  readonly findings: readonly JudgedFinding[];
}

export function featureRows(pack: Pack, origins: Origins, findings: readonly JudgedFinding[]): FeatureRow[] {
  const table = pack.file.features.table;
  const lineage = origins.lineages.get(table);
  return Object.entries(pack.features).map(([name, feature]) => {
    const own = findings.filter((finding) => finding.feature === name);
    const direct = (lineage?.columns.find((column) => column.name === name)?.sources ?? []).filter(
      ({ table: from, column }) =>
        from.startsWith('known.') && from !== 'known.spine' && column !== 'observation_date',
    );
    const columns = direct.map(({ table: from, column }) => `${origins.behind.get(from) ?? from}.${column}`);
    const named = columns.filter((column) => !column.endsWith('.*'));
    return {
      feature: name,
      tables: [...new Set(direct.map(({ table: from }) => origins.behind.get(from) ?? from))],
      columns: named.length > 0 ? named : columns,
      rawColumns: traceColumn(origins, table, name)
        .sources.filter(({ table: from, column }) => from.startsWith('bronze.') && column !== '*')
        .map(({ table: from, column }) => `${from}.${column}`),
      window: windowText(pack, feature),
      available: availableText(
        pack,
        feature,
        direct.map(({ column }) => column),
      ),
      verdict:
        own.length === 0
          ? 'none'
          : own.every(({ acknowledged }) => acknowledged !== undefined)
            ? 'acknowledged'
            : 'finding',
      findings: own,
    };
  });
}

function windowText(pack: Pack, { window }: Feature): string {
  if (window === 'snapshot') return pack.file.time === undefined ? 'day of delivery' : 'T';
  if (window === 'history') return `all before T`;
  if ('days' in window) return `T - ${String(window.days)} days to T - 1 day`;
  return `${String(window.months)} calendar month${window.months === 1 ? '' : 's'} before the month of T`;
}

function availableText(pack: Pack, { source }: Feature, columns: readonly string[]): string {
  const { time } = pack.file;
  if (time === undefined) return 'on the day of delivery';
  const known = time.known[source];
  if (known === undefined) return `on T, with the ${pack.file.entity.name}'s own snapshot`;
  const by = known.available_at ?? known.date;
  const later = [
    ...new Set(columns.map((column) => known.columns_available_at[column]).filter((on) => on !== undefined)),
  ];
  return `before T, by ${by}${later.length === 0 ? '' : `; filled in on ${later.join(', ')}`}`;
}
