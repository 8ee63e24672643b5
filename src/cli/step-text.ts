/** The outcome of a step as a table. */
import type { WrittenList } from '../decide/index.ts';
import type { IngestedSource } from '../ingest/index.ts';
import type {
  BuildResult,
  PromoteResult,
  RunReport,
  RunStep,
  ScoreResult,
  TrainResult,
} from '../workflow/index.ts';
import { formatTable } from './format.ts';
import { gateTable } from './gate-text.ts';

/** The table that shows what a step did; empty where its summary says it all. */
export function stepText({ step, result }: RunStep): string {
  switch (step) {
    case 'ingest':
      return ingestText(result as readonly IngestedSource[]);
    case 'build':
      return buildText(result as BuildResult);
    case 'train':
      return isTrained(result) ? trainText(result) : '';
    case 'promote': {
      const { verdicts } = result as PromoteResult;
      return verdicts.length === 0 ? '' : gateTable(verdicts);
    }
    case 'score':
      return scoreText(result as ScoreResult);
    case 'lists':
      return listsText(result as readonly WrittenList[]);
    case 'report':
      return `report: ${(result as RunReport).page}`;
  }
}

function ingestText(sources: readonly IngestedSource[]): string {
  return formatTable(
    ['table', 'version', 'files taken', 'rows taken', 'malformed rows', 'bad values', 'files known'],
    sources.map((source) => [
      source.table,
      source.version,
      source.taken.length,
      source.rows,
      source.malformedRows,
      source.badValues,
      source.known,
    ]),
  );
}

function buildText({ tables, splits }: BuildResult): string {
  const made = formatTable(
    ['table', 'action', 'rows', 'version', 'why'],
    tables.map(({ table, action, rows, version, reason }) => [table, action, rows, version, reason]),
  );
  const counts = formatTable(
    ['horizon', 'rows', 'positives', 'split or reason left out'],
    splits.map((count) => [count.horizon, count.rows, count.positives, count.split ?? count.leftOut]),
  );
  return splits.length === 0 ? made : `${made}\n\n${counts}`;
}

function isTrained(result: unknown): result is TrainResult {
  return typeof result === 'object' && result !== null && 'models' in result;
}

/** What the table of models shows; the model folder holds the others. */
const SHOWN_METRICS = ['auc_roc', 'auc_pr', 'lift_at_top_10pct', 'brier'] as const;

function trainText({ models }: TrainResult): string {
  const rows = models.flatMap((model) =>
    (['validation', 'test'] as const).map((split) => {
      const metrics = model.metrics[split];
      const head = [model.name, model.version, model.trees, split];
      if (!('rows' in metrics)) return [...head, null, null, null, null, null, null, metrics.reason];
      return [
        ...head,
        metrics.rows,
        rounded(metrics.baseRate),
        ...SHOWN_METRICS.map((name) => rounded(metrics.metrics[name]?.value ?? null)),
        metrics.metrics['auc_pr']?.reason ?? null,
      ];
    }),
  );
  const head = [
    'model',
    'version',
    'trees',
    'split',
    'rows',
    'base rate',
    'AUC',
    'AUC-PR',
    'lift 10 %',
    'Brier',
  ];
  return formatTable([...head, 'note'], rows);
}

/** Four significant digits: more would suggest a precision that the number of rows does not give. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}

function scoreText({ tiers }: ScoreResult): string {
  return formatTable(
    ['tier', 'rows', 'value at risk'],
    tiers.map(({ tier, rows, valueAtRisk }) => [tier, rows, Math.round(valueAtRisk)]),
  );
}

function listsText(lists: readonly WrittenList[]): string {
  return formatTable(
    ['list', 'tier', 'rows', 'left out', 'table', 'file'],
    lists.map(({ list, tier, rows, left, table, file }) => [list, tier, rows, left, table, file]),
  );
}
