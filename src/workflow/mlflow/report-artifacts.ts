/** The report of a set for the tracking server: page and documents as they lie in `reports/`, and charts of their own. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelSet } from '../../model/index.ts';
import type { ModelReport } from '../../report/index.ts';
import type { Artifact } from '../../tracking/index.ts';
import type { WorkspaceFolders } from '../folders.ts';
import { readDocument } from '../report-document.ts';

/** Nothing where there is no report of this very set; its evaluation alone where only that was made. */
export async function reportArtifacts(
  { reports }: Pick<WorkspaceFolders, 'reports'>,
  { id, hash }: Pick<ModelSet, 'id' | 'hash'>,
): Promise<Artifact[]> {
  const page = `model-report-set-${String(id)}.html`;
  const document = `model-report-set-${String(id)}.json`;
  const evaluation = `evaluation-set-${String(id)}.json`;
  const report = await readDocument<ModelReport>(path.join(reports, document), 'report');
  const evaluated = await readDocument<{ setHash: string }>(path.join(reports, evaluation), 'evaluation');
  const isReported = report?.set?.hash === hash;
  const names = [
    ...(evaluated?.setHash === hash ? [evaluation] : []),
    ...(isReported ? [page, document] : []),
  ];
  const files = await Promise.all(
    names.map(async (name): Promise<Artifact[]> => {
      const content = await readFile(path.join(reports, name)).catch(() => undefined);
      return content === undefined ? [] : [{ path: `report/${name}`, content }];
    }),
  );
  if (!isReported) return files.flat();
  // What draws charts takes long to load, and few commands draw some.
  const { reportPlots } = await import('../../report/index.ts');
  return [...files.flat(), ...reportPlots(report.horizons ?? [])];
}
