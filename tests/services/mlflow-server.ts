/** A real MLflow server on loopback with a database and artifacts of its own, for as long as a test needs it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const isWindows = process.platform === 'win32';
const SCRIPTS = fileURLToPath(
  new URL(`../../.venv-mlflow/${isWindows ? 'Scripts' : 'bin'}/`, import.meta.url),
);
const PYTHON = path.join(SCRIPTS, isWindows ? 'python.exe' : 'python');
/** From nothing a server takes up to forty seconds, and more on a machine that has other work. */
const START_MS = 180_000;

/** Whether `npm run test:services` has installed MLflow here. */
export const hasMlflow: boolean = existsSync(PYTHON) && !isWindows;

export interface MlflowServer extends AsyncDisposable {
  readonly uri: string;
  /** Empty folder for the test's own files, removed with the server. */
  readonly folder: string;
  /** Starts the server again at the same address, with what it held. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Runs a script of this folder with MLflow for Python pointed at the server; gives the JSON that it prints. */
  python(script: string, ...words: readonly string[]): unknown;
}

/** Starts a server and waits until it answers. Disposing it stops it and removes all it wrote. */
export async function openMlflowServer(): Promise<MlflowServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-mlflow-'));
  const port = await freePort();
  const uri = `http://127.0.0.1:${String(port)}`;
  const log = path.join(folder, 'server.log');
  const environment = {
    ...process.env,
    PATH: `${SCRIPTS}${path.delimiter}${process.env['PATH'] ?? ''}`,
    HOME: folder,
    DO_NOT_TRACK: 'true',
    MLFLOW_TRACKING_URI: uri,
    PYTHONWARNINGS: 'ignore',
  };
  let server: ChildProcess | undefined;
  const kill = (signal: NodeJS.Signals): void => {
    // The server's workers are processes of their own: the whole group goes.
    if (server?.pid !== undefined && server.exitCode === null && server.signalCode === null)
      process.kill(-server.pid, signal);
  };
  const killAtExit = (): void => {
    kill('SIGKILL');
  };

  async function start(): Promise<void> {
    const command = [
      `exec "${path.join(SCRIPTS, 'mlflow')}" server --backend-store-uri "sqlite:///${folder}/mlflow.db"`,
      `--artifacts-destination "${folder}/artifacts" --workers 1 --host 127.0.0.1 --port ${String(port)}`,
      `>> "${log}" 2>&1`,
    ].join(' ');
    server = spawn('sh', ['-c', command], { cwd: folder, env: environment, stdio: 'ignore', detached: true });
    process.once('exit', killAtExit);
    const until = Date.now() + START_MS;
    while (!(await answers(`${uri}/health`))) {
      if (server.exitCode !== null || Date.now() > until) {
        kill('SIGKILL');
        throw new Error(`the MLflow server did not start: ${await readFile(log, 'utf8')}`);
      }
      await pause(200);
    }
  }

  async function stop(): Promise<void> {
    if (server === undefined) return;
    const ended = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
    kill('SIGTERM');
    const stubborn = setTimeout(killAtExit, 10_000);
    await ended;
    clearTimeout(stubborn);
    process.removeListener('exit', killAtExit);
    server = undefined;
    // The first process may end before its workers have let go of the port.
    while (await answers(`${uri}/health`)) await pause(100);
  }

  await start();
  return {
    uri,
    folder,
    start,
    stop,
    python(script, ...words) {
      const file = fileURLToPath(new URL(script, import.meta.url));
      const result = spawnSync(PYTHON, [file, ...words], { encoding: 'utf8', env: environment });
      if (result.status !== 0) throw new Error(`${script} failed: ${result.stderr}`);
      return JSON.parse(result.stdout) as unknown;
    },
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
