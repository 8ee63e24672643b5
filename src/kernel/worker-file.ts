import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile } from './package-file.ts';

/** Where this code lies says what runs: a bundle starts bundled threads, anything else compiled ones. */
const isBundled = path.basename(path.dirname(fileURLToPath(import.meta.url))) === 'bundle';

/**
 * The `worker.ts` of a folder below `src` (`learner/lightgbm`) in a form that a thread can load: compiled also when this
 * runs from source, which threads cannot load.
 */
export function workerFile(folder: string): string {
  if (isBundled) return packageFile('dist', 'bundle', `${folder.replaceAll('/', '-')}-worker.js`);
  return packageFile('dist', ...folder.split('/'), 'worker.js');
}
