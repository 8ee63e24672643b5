/** The two sides as processes of their own: `holdfast serve` by the real command, and the peer by uvicorn. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { PACK, type MadeWorkspace } from './made-workspace.ts';

/** One side, answering. */
export interface Running extends AsyncDisposable {
  readonly name: 'holdfast' | 'peer' | 'floor';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  /** From starting the process to the first answer that it is ready. */
  readonly readySeconds: number;
}

const ROOT = path.join(import.meta.dirname, '../..');
const PYTHON = path.join(ROOT, '.venv-peers/bin/python');
const LOOK_EVERY_MS = 5;
const START_MS = 120_000;
const TICKS_A_SECOND = 100;

export const hasPeer = (): boolean => existsSync(PYTHON);

/** Starts the server with a key, its log and its prediction log; the rate limit is out of the way. */
export async function startHoldfast({ folder }: MadeWorkspace, profile?: string): Promise<Running> {
  const words = ['--workspace', folder, '--pack', PACK];
  const holdfast = path.join(ROOT, 'bin/holdfast');
  const made = execFileSync(
    process.execPath,
    [holdfast, 'keys', 'create', '--role', 'service', '--json', ...words],
    { encoding: 'utf8' },
  );
  const key = /hf_[A-Za-z0-9_-]+/.exec(made)?.[0] ?? '';
  const port = await freePort();
  const limit = ['--set', 'serve.rate_limit=1000000000'];
  const profiled = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
  return start('holdfast', {
    command: process.execPath,
    words: [...profiled, holdfast, 'serve', '--port', String(port), ...limit, ...words],
    log: path.join(folder, 'serve.log'),
    url: `http://127.0.0.1:${String(port)}`,
    ready: '/ready',
    headers: { 'x-api-key': key },
  });
}

export async function startPeer({ peerFolder }: MadeWorkspace): Promise<Running> {
  const port = await freePort();
  const app = ['--app-dir', path.join(ROOT, 'bench/peers'), 'fastapi_peer:app'];
  const loop = ['--loop', 'uvloop', '--http', 'httptools', '--workers', '1'];
  return start('peer', {
    command: PYTHON,
    words: ['-m', 'uvicorn', ...app, ...loop, '--port', String(port), '--no-access-log'],
    log: path.join(peerFolder, 'uvicorn.log'),
    url: `http://127.0.0.1:${String(port)}`,
    ready: '/health',
    headers: {},
    environment: { PEER_FOLDER: peerFolder },
  });
}

/** Starts what a server of the same framework takes that scores nothing. */
export async function startFloor(folder: string): Promise<Running> {
  const port = await freePort();
  return start('floor', {
    command: process.execPath,
    words: ['--import', 'tsx', path.join(import.meta.dirname, 'floor-server.ts'), String(port)],
    log: path.join(folder, 'floor.log'),
    url: `http://127.0.0.1:${String(port)}`,
    ready: '/ready',
    headers: {},
  });
}

interface Start extends Pick<Running, 'url' | 'headers'> {
  readonly command: string;
  readonly words: readonly string[];
  readonly log: string;
  readonly ready: string;
  readonly environment?: Readonly<Record<string, string>>;
}

async function start(name: Running['name'], how: Start): Promise<Running> {
  const begun = performance.now();
  const log = openSync(how.log, 'a');
  const child = spawn(how.command, how.words, {
    env: { ...process.env, ...how.environment },
    stdio: ['ignore', log, log],
  });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => {
      resolve();
    });
  });
  for (;;) {
    const status = await fetch(how.url + how.ready, { headers: how.headers }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    if (status === 200) break;
    if (child.exitCode !== null || performance.now() - begun > START_MS)
      throw new Error(
        `${name} does not start; see ${how.log}:\n${readFileSync(how.log, 'utf8').slice(-800)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return {
    name,
    url: how.url,
    headers: how.headers,
    pid: child.pid ?? 0,
    readySeconds: (performance.now() - begun) / 1000,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Seconds that all threads of a process have had of the processors; NaN where the system does not say it. */
export function processorSeconds(pid: number): number {
  const text = textOf(`/proc/${String(pid)}/stat`);
  // The second field is the name, which may hold blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return text === '' ? Number.NaN : (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/** Memory of a process in MiB; NaN where the system does not say it. */
export function residentMebibytes(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(textOf(`/proc/${String(pid)}/status`))?.[1];
  return Number(kilobytes ?? Number.NaN) / 1024;
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
