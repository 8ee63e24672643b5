/** Looks at a file or a lake table, and writes what was found as a page. */
import path from 'node:path';
import type { TableProfile } from '../domain/index.ts';
import type { Engine } from '../engine/index.ts';
import type { Clock, Progress } from '../kernel/index.ts';
import { profileTable, type ProfileWishes } from '../profile/index.ts';
import { renderProfilePage } from '../report/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import { withDecimal } from './init-step.ts';
import { openTable } from './open-table.ts';
import { writeReportFile } from '../store/index.ts';

export interface ProfileOptions extends ProfileWishes {
  /** A file, or a table of the lake such as `silver.customers`. */
  readonly table: string;
  /** What is known of how the file is written; the rest is found. */
  readonly format?: SourceFormat;
  /** Folder of the workspace. */
  readonly workspace: string;
  /** Where the page is written; by default below `reports/` of the workspace. */
  readonly page?: string;
}

export interface ProfileResult {
  readonly profile: TableProfile;
  /** Absolute path of the page. */
  readonly page: string;
}

/** Throws HF201 or HF301 where there is no such file or table, and what `profileTable` throws. */
export async function profileStep(
  {
    engine,
    progress,
    clock,
  }: { readonly engine: Engine; readonly progress: Progress; readonly clock: Clock },
  options: ProfileOptions,
): Promise<ProfileResult> {
  await using table = await openTable(
    { engine, clock, workspace: options.workspace },
    options.table,
    options.format,
  );
  for (const note of table.notes) progress.info(note);
  const profile = await profileTable({ engine, progress, ...table }, withDecimal(options, table.format));
  const named = table.name.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  const page = options.page ?? path.join(options.workspace, 'reports', `profile-${named}.html`);
  await writeReportFile(page, renderProfilePage(profile));
  return { profile, page };
}
