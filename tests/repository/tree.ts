/** The files of the repository as the rules about it see them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '../..');

/** What is installed, built or written by runs, at any depth. */
const NOT_OURS = new Set(['.git', '.native', '__pycache__', 'coverage', 'dist', 'node_modules', 'workspace']);

/** Paths below the root with `/`, sorted, of all files that belong to the repository. */
export function repositoryFiles(folder = ''): string[] {
  if (!existsSync(path.join(ROOT, folder))) return [];
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter(
      (entry) =>
        !NOT_OURS.has(entry.name) &&
        !entry.name.startsWith('.venv') &&
        `${folder}${entry.name}` !== 'bench/out',
    )
    .flatMap((entry) => {
      const name = `${folder}${entry.name}`;
      return entry.isDirectory() ? repositoryFiles(`${name}/`) : [name];
    })
    .sort();
}

export function textOfFile(name: string): string {
  return readFileSync(path.join(ROOT, name), 'utf8');
}

export function isTest(name: string): boolean {
  return name.startsWith('tests/') || name.endsWith('.test.ts');
}
