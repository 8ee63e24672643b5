/** `holdfast serve` as a process of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ROOT } from '../cli/holdfast.ts';

export interface ServerProcess extends AsyncDisposable {
  /** Empty where it ended before it listened. */
  readonly url: string;
  readonly port: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** Waits until keys can be looked up, or never will. */
async function lookedUp(url: string): Promise<void> {
  for (;;) {
    const ready = (await (await fetch(`${url}/ready`)).json()) as { lookup?: string };
    if (ready.lookup !== 'loading') return;
    await setTimeout(20);
  }
}

/** Starts a server on a free port unless the words give one, and waits until it can look keys up or ends. */
export async function startServer(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_'));
  const child = spawn(process.execPath, [join(ROOT, 'bin/holdfast'), 'serve', '--port', '0', ...words], {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const url = await Promise.race([
    new Promise<string>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
        const found = /Listening on (http:\/\/\S+),/.exec(stderr)?.[1];
        if (found !== undefined) resolve(found);
      });
    }),
    exited.then(() => ''),
  ]);
  if (url !== '') await lookedUp(url);
  return {
    url,
    port: url === '' ? 0 : Number(new URL(url).port),
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
