/** Set-up step: `dist/web`, the dashboard, from `web`. */
import { existsSync } from 'node:fs';
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

const SOURCES = inRoot('web');
const STAMP = inRoot('dist', 'web', '.holdfast-sources');

/** Builds the dashboard when a source of it has changed since the last time. */
export function buildDashboard() {
  // A package comes with the dashboard built, and without what builds it.
  if (!existsSync(SOURCES)) return;
  const stamp = hashFiles([inRoot('package-lock.json'), ...filesBelow(SOURCES)]);
  if (isStamped(STAMP, stamp)) return;
  say('building the dashboard');
  const vite = inRoot('node_modules', 'vite', 'bin', 'vite.js');
  const built = run(process.execPath, [vite, 'build', SOURCES, '--logLevel', 'warn']);
  if (!built.ok) throw new SetupError(`the dashboard cannot be built\n${tail(built.output, 20)}`, 1);
  writeStamp(STAMP, stamp);
}
