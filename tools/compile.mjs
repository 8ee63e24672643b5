/** Set-up step: `dist` from `src`, and `dist/bundle` from `dist`. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  filesBelow,
  hashFiles,
  inRoot,
  isStamped,
  run,
  say,
  SetupError,
  tail,
  writeStamp,
} from './tool-support.mjs';

const SOURCES = inRoot('src');
const COMPILED = inRoot('dist');
const BUNDLE = path.join(COMPILED, 'bundle');
const DASHBOARD = path.join(COMPILED, 'web');
const STAMP = path.join(COMPILED, '.holdfast-sources');

/** Compiles when a source or a compiler setting has changed since the last time. */
export function compileSources() {
  // A package comes compiled; of its sources it has those alone that the program reads as they are.
  if (!existsSync(inRoot('tsconfig.build.json'))) return;
  const sources = filesBelow(SOURCES).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'tools/bundle.mjs'].map((name) =>
    inRoot(name),
  );
  const stamp = hashFiles([...settings, ...sources]);
  if (isStamped(STAMP, stamp)) return;
  say('compiling the sources');
  // A build record without its output would make the compiler skip files that are gone.
  if (!existsSync(STAMP)) rmSync(path.join(COMPILED, '.tsbuildinfo'), { force: true });
  const compiler = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const result = run(process.execPath, [compiler, '-p', inRoot('tsconfig.build.json'), '--pretty', 'false']);
  if (!result.ok) throw new SetupError(`the sources do not compile\n${tail(result.output, 20)}`, 1);
  removeLeftovers(sources);
  const bundled = run(process.execPath, [inRoot('tools', 'bundle.mjs')]);
  if (!bundled.ok)
    throw new SetupError(`the compiled files cannot be bundled\n${tail(bundled.output, 20)}`, 1);
  writeStamp(STAMP, stamp);
}

/** Removes what was compiled from a source that is there no more, so that nothing loads it. */
function removeLeftovers(sources) {
  const known = new Set(sources.map((file) => path.relative(SOURCES, file).replace(/\.ts$/, '')));
  for (const file of filesBelow(COMPILED)) {
    // The bundle and the dashboard are made anew as a whole.
    if (file.startsWith(BUNDLE + path.sep) || file.startsWith(DASHBOARD + path.sep)) continue;
    const name = path.relative(COMPILED, file).replace(/\.(?:js|js\.map|d\.ts)$/, '');
    if (/\.(?:js|js\.map|d\.ts)$/.test(file) && !known.has(name)) rmSync(file);
  }
}
