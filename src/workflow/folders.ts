import path from 'node:path';

/** Folders of a workspace, absolute. */
export interface WorkspaceFolders {
  readonly landing: string;
  readonly lake: string;
  readonly models: string;
  readonly lists: string;
  readonly reports: string;
  readonly temporary: string;
}

export function foldersOf(workspace: string): WorkspaceFolders {
  const below = (name: string): string => path.join(workspace, name);
  return {
    landing: below('landing'),
    lake: below('lake'),
    models: below('models'),
    lists: below('lists'),
    reports: below('reports'),
    temporary: below('temporary'),
  };
}
