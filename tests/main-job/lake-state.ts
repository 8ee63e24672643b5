/** What a run may or may not have changed: versions, rows and files, in a form that tests compare. */
import { cp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Row } from '../../src/engine/index.ts';
import { HoldfastError, sha256 } from '../../src/kernel/index.ts';
import { openWorkspace, type TestWorkspace, type WorkspaceOptions } from '../support/workspace.ts';

/** The newest version of every table of the lake. */
export function tableVersions(workspace: TestWorkspace): Promise<Record<string, number>> {
  return workspace.withContext(async ({ lake }) => {
    const versions: Record<string, number> = {};
    for (const name of await lake.names()) versions[name] = (await lake.snapshot(name)).version;
    return versions;
  });
}

/** Rows of a query with some tables as they were at an earlier version. */
export function rowsAt(
  workspace: TestWorkspace,
  versions: Readonly<Record<string, number>>,
  sql: string,
): Promise<Row[]> {
  return workspace.withContext(async ({ engine, lake }) => {
    await lake.attach(Object.keys(versions), versions);
    return engine.rows(sql);
  });
}

/** SHA-256 of every file below a folder of the workspace, by its path there; empty where it is missing. */
export async function fileHashes(workspace: TestWorkspace, folder: string): Promise<Record<string, string>> {
  const root = path.join(workspace.folder, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const hashes: Record<string, string> = {};
  for (const entry of entries.filter((found) => found.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    hashes[path.relative(root, file)] = sha256(await readFile(file));
  }
  return hashes;
}

/** A workspace that begins as a copy of another. */
export async function copyOf(original: TestWorkspace, options: WorkspaceOptions): Promise<TestWorkspace> {
  const copy = await openWorkspace(options);
  await cp(original.folder, copy.folder, { recursive: true });
  return copy;
}

/** The HoldfastError that some work ends in. */
export async function failureOf(work: Promise<unknown>): Promise<HoldfastError> {
  const outcome: unknown = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (outcome instanceof HoldfastError) return outcome;
  throw outcome instanceof Error ? outcome : new Error(String(outcome));
}
