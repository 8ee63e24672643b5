import path from 'node:path';
import { lastAudit } from '../audit/index.ts';
import { metricList } from '../domain/index.ts';
import { textOf } from '../engine/index.ts';
import { HoldfastError, VERSION } from '../kernel/index.ts';
import type { LoadedSet } from '../model/index.ts';
import { labelColumn, leftOutColumn, splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import {
  type ModelReport,
  renderModelReport,
  type ReportedProblem,
  type ReportedSplitCount,
} from '../report/index.ts';
import { type Backtest, backtestFile } from './backtest-step.ts';
import type { Context } from './context.ts';
import { evaluateStep, type SetEvaluation } from './evaluate-step.ts';
import { evaluationFile } from './evaluation-file.ts';
import { explainModelSet } from './explain-models.ts';
import { writeReportFile } from '../store/index.ts';
import { readDocument, writeDocument } from './report-document.ts';
import { reportedCleaning } from './reported-cleaning.ts';
import { setInUse } from './set-in-use.ts';
import type { StepOutcome } from './steps.ts';

export interface ReportResult {
  readonly report: ModelReport;
  /** Absolute paths. */
  readonly page: string;
  readonly document: string;
}

/** Writes the report of the model set in use, as a page and as JSON. Evaluates first where that was not done. */
export async function reportStep(context: Context): Promise<StepOutcome<ReportResult>> {
  const { folders, pack } = context;
  const set = await setInUse(context);
  const [first] = set.models;
  if (first === undefined) throw new HoldfastError('HF503', { message: 'the model set has no models' });
  const evaluation = await evaluationOf(context, set);
  const { card, gates } = pack.file;
  const cleaning = await reportedCleaning(context, set.set.id);
  const report: ModelReport = {
    pack: { name: pack.file.name, description: pack.file.description, hash: pack.hash },
    entity: pack.file.entity.name,
    set: { id: set.set.id, hash: set.set.hash },
    createdAt: first.provenance.createdAt,
    observedTo: evaluation.observedTo,
    isDated: pack.file.time !== undefined,
    resamples: evaluation.resamples,
    evaluatedAt: evaluation.evaluatedAt,
    versions: {
      holdfast: VERSION,
      'trained with holdfast': first.provenance.codeVersion,
      [first.learner.name]: first.learner.version,
      ...Object.fromEntries(
        Object.entries(first.lineage.tables).map(([table, version]) => [table, `version ${String(version)}`]),
      ),
    },
    problems: await problemsOf(context),
    ...(cleaning === undefined ? {} : { cleaning }),
    ...(gates.length === 0
      ? {}
      : {
          gates: gates.map(({ metric, at_least, at_most }) => ({
            metric,
            ...(at_least === undefined ? {} : { atLeast: at_least }),
            ...(at_most === undefined ? {} : { atMost: at_most }),
          })),
        }),
    splits: await splitsOf(
      context,
      pack.file.undated === undefined ? undefined : evaluation.trainingSetVersion,
    ),
    horizons: evaluation.horizons,
    backtest: await backtestOf(context),
    drivers: await driversOf(context),
    audit: await auditOf(context),
    choices: set.models.flatMap(({ horizonDays, choice }) =>
      choice === null ? [] : [{ days: horizonDays, ...choice }],
    ),
    settings: settingsOf(set),
    card: card === undefined ? null : { intendedUse: card.intended_use, limits: card.limits },
  };
  const base = path.join(folders.reports, `model-report-set-${String(set.set.id)}`);
  const titles = Object.fromEntries(metricList().map(({ name, title }) => [name, title]));
  await writeReportFile(`${base}.html`, renderModelReport(report, titles));
  await writeDocument(`${base}.json`, 'report', report);
  return {
    summary: `wrote the report of model set ${String(set.set.id)}`,
    result: { report, page: `${base}.html`, document: `${base}.json` },
  };
}

/**
 * The evaluation of this set on the present training set: as it was written, or made now. Undated rows are drawn
 * anew with each delivery, and what was for testing is then trained on: a set that was kept over a delivery is told
 * by its evaluation of then.
 */
async function evaluationOf(context: Context, { set }: LoadedSet): Promise<SetEvaluation> {
  const snapshot = await context.lake.snapshot(TRAINING_TABLE);
  const written = await readDocument<SetEvaluation>(evaluationFile(context, set.id), 'evaluation');
  const isPresent = written?.trainingSetVersion === snapshot.version;
  // A file that is not there, or not whole, is made anew.
  if (
    written?.setHash === set.hash &&
    (isPresent ? written.packHash === context.pack.hash : context.pack.file.undated !== undefined) &&
    Array.isArray(written.horizons)
  ) {
    if (!isPresent)
      context.progress.info(
        `the report measures model set ${String(set.id)} on the rows it was tested on, not on the newest delivery; --retrain trains and tests on that`,
      );
    return written as SetEvaluation;
  }
  const { result } = await evaluateStep(context);
  return result.evaluation;
}

/** Contributions over a sample, in the shape of the report. */
async function driversOf(context: Context): Promise<ModelReport['drivers']> {
  const { horizons, hypotheses } = await explainModelSet(context);
  return horizons.map(({ horizonDays, rows, features, beeswarm }) => ({
    days: horizonDays,
    rows,
    features,
    swarm: beeswarm,
    hypotheses: hypotheses.filter((line) => line.horizonDays === horizonDays),
  }));
}

/** The last leakage audit, which each training makes. */
async function auditOf(context: Context): Promise<ModelReport['audit']> {
  const document = await lastAudit(context.folders.reports);
  if (document === undefined) return null;
  return {
    auditedAt: document.audited_at,
    isCurrent: document.pack_hash === context.pack.hash,
    rows: document.features.map(({ feature, columns, window, available, verdict, kinds }) => ({
      feature,
      source: columns.join(', '),
      window,
      available,
      verdict: kinds.length === 0 ? verdict : `${verdict}: ${kinds.join(', ')}`,
    })),
    // An audit of an earlier version does not say.
    notJudged: (document as Partial<typeof document>).not_judged ?? [],
    findings: document.findings.map(
      ({ kind, feature, evidence, acknowledged }) =>
        `${feature === null ? '' : `${feature}: `}${kind.replaceAll('_', ' ')}, ${evidence}${acknowledged === null ? '' : ` (acknowledged: ${acknowledged})`}`,
    ),
  };
}

/** The newest backtest, where there is one. */
async function backtestOf(context: Context): Promise<ModelReport['backtest']> {
  const { version } = await context.lake.snapshot(TRAINING_TABLE);
  const written = await readDocument<Backtest>(backtestFile(context), 'backtest');
  return !isBacktest(written)
    ? null
    : {
        ...written,
        isCurrent: written.trainingSetVersion === version && written.packHash === context.pack.hash,
      };
}

/** A file of another version, or one that somebody wrote into, is as good as none. */
const isBacktest = (written: Partial<Backtest> | undefined): written is Backtest =>
  Array.isArray(written?.lists) && written.total !== undefined && typeof written.testedAt === 'string';

/** The newest result of every rule. */
async function problemsOf({ engine, lake }: Context): Promise<ReportedProblem[]> {
  const table = 'quality.expectation_results';
  if (!(await lake.exists(table))) return [];
  await lake.attach([table]);
  const rows = await engine.rows(
    `SELECT table_name, expectation, action, status, failed_rows, total_rows FROM (
       SELECT *, row_number() OVER (PARTITION BY table_name, expectation ORDER BY checked_at DESC) AS newest
       FROM ${table}) AS results
     WHERE newest = 1 ORDER BY failed_rows DESC, table_name, expectation`,
  );
  return rows.map((row) => ({
    table: textOf(row['table_name']),
    expectation: textOf(row['expectation']),
    action: textOf(row['action']),
    status: textOf(row['status']),
    failedRows: Number(row['failed_rows']),
    totalRows: Number(row['total_rows']),
  }));
}

/** Rows of each split, of a version of the training set where that is still there. */
async function splitsOf({ engine, lake, pack }: Context, version?: number): Promise<ReportedSplitCount[]> {
  await lake
    .attach([TRAINING_TABLE], version === undefined ? {} : { [TRAINING_TABLE]: version })
    .catch(async (error: unknown) => {
      if (!(error instanceof HoldfastError && error.code === 'HF302')) throw error;
      await lake.attach([TRAINING_TABLE]);
    });
  const counts: ReportedSplitCount[] = [];
  for (const days of pack.file.horizons) {
    const rows = await engine.rows(
      `SELECT ${splitColumn(days)} AS split, ${leftOutColumn(days)} AS left_out, count(*) AS n,
         count(*) FILTER (WHERE ${labelColumn(days)} = 1) AS positives,
         CAST(min(observation_date) AS STRING) AS first_day, CAST(max(observation_date) AS STRING) AS last_day
       FROM ${TRAINING_TABLE} GROUP BY 1, 2`,
    );
    const read = rows.map((row) => ({
      horizon: days,
      split: row['split'] === null ? null : textOf(row['split']),
      leftOut: row['left_out'] === null ? null : textOf(row['left_out']),
      rows: Number(row['n']),
      positives: Number(row['positives']),
      from: row['first_day'] === null ? null : textOf(row['first_day']),
      to: row['last_day'] === null ? null : textOf(row['last_day']),
    }));
    counts.push(...read.sort((a, b) => placeOf(a) - placeOf(b) || b.rows - a.rows));
  }
  if (version !== undefined) await lake.attach([TRAINING_TABLE]);
  return counts;
}

const ORDER = ['train', 'stop', 'calibrate', 'test'];

/** Splits in the order of time, then what is left out. */
const placeOf = ({ split }: ReportedSplitCount): number =>
  split === null ? ORDER.length : ORDER.indexOf(split);

function settingsOf({ models }: LoadedSet): ModelReport['settings'] {
  return models.flatMap(({ horizonDays, settings, calibrator, decision }) => {
    const named = (name: string, value: unknown): { name: string; value: string } => ({
      name: `${String(horizonDays)} days: ${name}`,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    });
    return [
      ...Object.entries(settings.parameters).map(([name, value]) => named(name, value)),
      named('trees', settings.trees),
      named('seed', settings.seed),
      named('calibrator', calibrator.method),
      named('decision threshold', decision?.threshold ?? 'none'),
    ];
  });
}
