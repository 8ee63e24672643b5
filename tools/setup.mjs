/**
 * Makes a checkout ready to run: packages, compiled sources, the native learners. Done steps are
 * recognised by stamps, so a second run is silent and takes a fraction of a second.
 *
 *   node tools/setup.mjs              what `npm run demo` needs
 *   node tools/setup.mjs --test       also the Python packages that tests compare with, where possible
 *   node tools/setup.mjs --services   also MLflow, Schemathesis, Redis and PostgreSQL, which the tests with services
 *                                     need, where possible
 *   node tools/setup.mjs --web        also Chromium, which the tests of the dashboard need, where possible
 *   node tools/setup.mjs --peers      also the service that the server is measured against, where possible
 *
 * Exit codes: 0 ready, 1 the sources do not compile, 2 something is missing on this machine.
 */
import { compileSources } from './compile.mjs';
import { makeMlflowEnvironment } from './mlflow-env.mjs';
import { checkNode, installPackages } from './packages.mjs';
import { fetchNativeLibraries } from './native-library.mjs';
import { makePeerEnvironment } from './peer-env.mjs';
import { makePythonEnvironment } from './python-env.mjs';
import { makeSchemathesisEnvironment } from './schemathesis-env.mjs';
import { installStoreServers } from './store-servers.mjs';
import { installChromium } from './chromium.mjs';
import { buildDashboard } from './web.mjs';
import { SetupError } from './tool-support.mjs';

try {
  checkNode();
  installPackages();
  compileSources();
  buildDashboard();
  await fetchNativeLibraries();
  if (process.argv.includes('--test')) makePythonEnvironment();
  if (process.argv.includes('--services')) {
    installStoreServers();
    makeMlflowEnvironment();
    makeSchemathesisEnvironment();
  }
  if (process.argv.includes('--web')) installChromium();
  if (process.argv.includes('--peers')) makePeerEnvironment();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`setup: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
