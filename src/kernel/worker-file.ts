import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The compiled worker that belongs to a module (`import.meta.url`): `worker.js` beside it, or its twin
 * under `dist` when this runs from source, which worker threads cannot load.
 */
export function workerFile(moduleUrl: string): string {
  const beside = fileURLToPath(new URL('./worker.js', moduleUrl));
  if (!moduleUrl.endsWith('.ts')) return beside;
  const root = fileURLToPath(new URL('../../', import.meta.url));
  return path.join(root, 'dist', path.relative(path.join(root, 'src'), beside));
}
