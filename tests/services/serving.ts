/** `holdfast serve` over models of the magazine, as a process of its own. */
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../cli/holdfast.ts';
import { MAGAZINE_PACK } from '../main-job/magazine.ts';

export interface Serving extends AsyncDisposable {
  readonly url: string;
  readonly stdout: () => string;
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  predict(body: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** Value of a metric without labels, or with those that are written. */
  metric(name: string): Promise<number>;
}

export async function serveMagazine(
  workspace: string,
  environment: Readonly<Record<string, string>>,
): Promise<Serving> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_'));
  const child = spawn(
    process.execPath,
    [
      ...[path.join(ROOT, 'bin/holdfast'), 'serve', '--port', '0', '--workspace', workspace],
      ...['--pack', MAGAZINE_PACK, '--set', 'serve.drain_seconds=0'],
      // A machine that has other work turns nobody away here.
      ...['--set', 'serve.max_delay_ms=600000'],
    ],
    {
      cwd: ROOT,
      env: { ...Object.fromEntries(inherited), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const found = /Listening on (http:\/\/\S+),/.exec(stderr)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => {
      reject(new Error(`the server did not start: ${stderr}`));
    });
  });
  return {
    url,
    stdout: () => stdout,
    exited,
    kill: (signal) => child.kill(signal),
    async predict(body) {
      const answer = await fetch(`${url}/predict${Array.isArray(body) ? '/batch' : ''}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    async metric(name) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
      return Number(line?.split(' ')[1]);
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A reader of that many complaints. */
export const readerOf = (readerId: string, complaints = 1) => ({
  reader_id: readerId,
  title: 'Garden',
  months_subscribed: 12,
  copies_returned: 3,
  complaints,
  monthly_price: 7.9,
  gift_from: null,
});

/** All lines of the prediction log; throws for a line that is cut short. */
export async function predictionLines(workspace: string): Promise<Record<string, unknown>[]> {
  const folder = path.join(workspace, 'state', 'predictions');
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}
