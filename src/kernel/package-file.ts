import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the package: two levels above this file, whether it runs from `src/kernel`, compiled from `dist/kernel`,
 * or as part of a bundle in `dist/bundle`. The only place that counts levels: where a module lies says nothing once
 * several are bundled into one file.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The path of a file or folder that comes with the package, given from the package's own folder. */
export function packageFile(...parts: readonly string[]): string {
  return path.join(ROOT, ...parts);
}
