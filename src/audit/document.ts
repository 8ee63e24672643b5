/** The audit as a document: what `--json` prints and `reports/audit-leakage.json` holds. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeReportFile } from '../store/index.ts';
import type { Rebuilt } from './bench.ts';
import type { FeatureRow } from './feature-row.ts';
import type { Finding, JudgedFinding } from './finding.ts';
import type { FeatureSeparation } from './separating.ts';

export interface FindingDocument {
  readonly kind: Finding['kind'];
  /** Null where the finding is about rows or splits. */
  readonly feature: string | null;
  readonly evidence: string;
  readonly what_to_do: string;
  /** The reason of the pack; null where nobody stands for it. */
  readonly acknowledged: string | null;
  readonly entities?: Finding['entities'];
  readonly dates?: readonly string[];
  readonly example?: Finding['example'];
}

export interface AuditDocument {
  /** True where every finding is acknowledged, or there is none. */
  readonly passed: boolean;
  readonly pack: string;
  readonly pack_hash: string;
  readonly run_id: string;
  readonly audited_at: string;
  /** Versions of the tables that were looked at. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly features: readonly {
    readonly feature: string;
    readonly tables: readonly string[];
    readonly columns: readonly string[];
    readonly raw_columns: readonly string[];
    readonly window: string;
    readonly available: string;
    readonly verdict: FeatureRow['verdict'];
    readonly kinds: readonly Finding['kind'][];
    /** Largest area under the ROC curve that the feature reaches alone, a horizon; null where rows are too few. */
    readonly separation: Readonly<Record<string, number | null>>;
  }[];
  readonly findings: readonly FindingDocument[];
  readonly rebuilt: RebuiltDocument;
  readonly notes: readonly string[];
  /** Horizons whose features could not be judged each alone, with the reason; `passed` says nothing of that part then. */
  readonly not_judged: readonly string[];
}

/** What rebuilding found, with all that decides it besides the data, so that it need not be done again. */
export interface RebuiltDocument extends Rebuilt {
  readonly definition: string;
  readonly run_id: string;
}

export function findingDocument({
  feature,
  whatToDo,
  acknowledged,
  ...rest
}: JudgedFinding): FindingDocument {
  return { ...rest, feature: feature ?? null, what_to_do: whatToDo, acknowledged: acknowledged ?? null };
}

export function featureDocuments(
  rows: readonly FeatureRow[],
  separations: readonly FeatureSeparation[],
): AuditDocument['features'] {
  return rows.map(({ feature, tables, columns, rawColumns, window, available, verdict, findings }) => ({
    feature,
    tables,
    columns,
    raw_columns: rawColumns,
    window,
    available,
    verdict,
    kinds: [...new Set(findings.map(({ kind }) => kind))],
    separation: Object.fromEntries(
      separations
        .filter((one) => one.feature === feature)
        .map(({ horizon, separation: { byValue, byBand, byMissing } }) => {
          const areas = [byValue, byBand, byMissing].filter((area) => area !== null);
          return [`${String(horizon)}d`, areas.length === 0 ? null : rounded(Math.max(...areas))];
        }),
    ),
  }));
}

const rounded = (area: number): number => Math.round(area * 1e4) / 1e4;

const fileOf = (folder: string): string => path.join(folder, 'audit-leakage.json');

/** Puts the document into the folder of reports, in one go. Gives its path. */
export async function writeAudit(folder: string, document: AuditDocument): Promise<string> {
  const file = fileOf(folder);
  await writeReportFile(
    file,
    `${JSON.stringify({ schema: 'holdfast.audit-leakage/1', ...document }, null, 2)}\n`,
  );
  return file;
}

/** The last audit; undefined where there was none, or its file cannot be read. */
export async function lastAudit(folder: string): Promise<AuditDocument | undefined> {
  const text = await readFile(fileOf(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as AuditDocument;
  } catch {
    // A damaged report is no reason to trust it, nor to stop: the audit is done again.
    return undefined;
  }
}
