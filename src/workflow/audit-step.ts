/** The leakage audit of a workspace, as a command and before every training. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import {
  type AuditDocument,
  auditLeakage,
  type AuditedTable,
  lastAudit,
  writeAudit,
} from '../audit/index.ts';
import { deliveryDay, featureTables, knownSources, orderTables, rebuildFeatures } from '../build/index.ts';
import { openDuckDb } from '../engine/index.ts';
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import { labelColumn, splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';
import type { StepOutcome } from './steps.ts';

export interface AuditResult {
  readonly document: AuditDocument;
  /** Absolute path of the report. */
  readonly file: string;
}

/**
 * Audits features, training set and splits. With `reuse`, rebuilding is left out where SQL, contract and
 * sample are as they were when it last passed. HF108 where there is no training set yet.
 */
export async function auditStep(
  context: Context,
  { reuse }: { readonly reuse: boolean },
): Promise<StepOutcome<AuditResult>> {
  const { engine, lake, pack, folders, config, runId, clock, progress, quality } = context;
  if (!(await lake.exists(TRAINING_TABLE)))
    throw new HoldfastError('HF108', {
      message: 'there is no training set to audit',
      hint: 'build it first: holdfast build',
    });
  const ordered = featureTables(pack, await orderTables(engine, pack, knownSources(pack)));
  const tables: AuditedTable[] = ordered.map(({ file, inputs }) => ({
    table: file.table,
    path: file.path,
    sql: file.text,
    inputs,
  }));
  const bronze = [...new Set(tables.flatMap(({ inputs }) => inputs))].filter((name) =>
    name.startsWith('bronze.'),
  );
  const attached = await lake.attach([...bronze, pack.file.features.table, TRAINING_TABLE]);
  const observedOn = await deliveryDay(lake, pack);
  const folder = path.join(folders.temporary, `audit-${runId}`);
  try {
    const document = await auditLeakage({
      engine,
      pack,
      tables,
      knownSources: knownSources(pack),
      training: {
        table: TRAINING_TABLE,
        horizons: pack.file.horizons.map((days) => ({
          days,
          label: labelColumn(days),
          split: splitColumn(days),
        })),
      },
      sample: config.audit,
      earlier: reuse ? (await lastAudit(folders.reports))?.rebuilt : undefined,
      openScratch: () =>
        openDuckDb({
          threads: 1,
          memoryLimit: config.engine.memory_limit,
          temporaryFolder: folders.temporary,
          preserveInsertionOrder: true,
        }),
      rebuild: (scratch) => rebuildFeatures(scratch, pack, ordered, observedOn),
      folder,
      runId,
      now: clock.now(),
      inputs: Object.fromEntries(Object.entries(attached).map(([table, { version }]) => [table, version])),
      progress,
    });
    const file = await writeAudit(folders.reports, document);
    const open = document.findings.filter(({ acknowledged }) => acknowledged === null).length;
    await quality.record({
      table: pack.file.features.table,
      expectation: 'leakage_audit',
      action: 'fail',
      status: document.passed ? 'PASS' : 'FAIL',
      failedRows: open,
      totalRows: document.features.length,
      description: 'findings of the leakage audit that nobody acknowledged, beside the number of features',
    });
    await quality.flush();
    return { summary: summaryOf(document, open), result: { document, file } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function summaryOf(
  { features, findings, rebuilt, not_judged: notJudged }: AuditDocument,
  open: number,
): string {
  const found =
    findings.length === 0
      ? `no leak found${notJudged.length === 0 ? '' : ' by rebuilding and in the splits'}`
      : `${groupDigits(open)} findings, ${groupDigits(findings.length - open)} acknowledged`;
  const dates = rebuilt.dates.length === 0 ? '' : ` on ${String(rebuilt.dates.length)} dates`;
  return `${found} in ${groupDigits(features.length)} features; ${groupDigits(rebuilt.entities)} entities rebuilt${dates}${notJudged.length === 0 ? '' : `; not judged: each feature alone at ${notJudged.join(', at ')}`}`;
}

const MOST_NAMED = 5;

/** Audits before a training; throws HF506 with the features and kinds that nobody acknowledged. */
export async function refuseLeaks(context: Context): Promise<void> {
  const { result } = await auditStep(context, { reuse: true });
  const open = result.document.findings.filter(({ acknowledged }) => acknowledged === null);
  const [first] = open;
  if (first === undefined) return;
  const named = open
    .slice(0, MOST_NAMED)
    .map(({ feature, kind }) => (feature === null ? kind : `${feature} (${kind})`));
  const more = open.length > named.length ? ` and ${String(open.length - named.length)} more` : '';
  const entry = [
    ...(first.feature === null ? [] : [`feature: ${first.feature}`]),
    `kind: ${first.kind}`,
    'reason: ...',
  ];
  throw new HoldfastError('HF506', {
    message: `the leakage audit found ${named.join(', ')}${more}; ${first.evidence}`,
    hint: `${first.what_to_do}; holdfast audit leakage shows all. If it is no leak, write into pack.yaml: audit: { acknowledged: [{ ${entry.join(', ')} }] }`,
    place: { file: result.file, ...(first.feature === null ? {} : { field: first.feature }) },
  });
}
