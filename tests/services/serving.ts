/** `holdfast serve` over models of the magazine, as a process of its own. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { MAGAZINE_PACK } from '../main-job/magazine.ts';
import { type ServerProcess, startServer } from '../serving/server-process.ts';

export interface Serving extends ServerProcess {
  predict(body: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** Value of a metric without labels, or with those that are written. */
  metric(name: string): Promise<number>;
}

export async function serveMagazine(
  workspace: string,
  environment: Readonly<Record<string, string>>,
): Promise<Serving> {
  const server = await startServer(
    [
      ...['--workspace', workspace, '--pack', MAGAZINE_PACK, '--set', 'serve.drain_seconds=0'],
      // A machine that has other work turns nobody away here.
      ...['--set', 'serve.max_delay_ms=600000'],
    ],
    environment,
  );
  const { url } = server;
  if (url === '') throw new Error(`the server did not start: ${server.stderr()}`);
  return {
    ...server,
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
  };
}

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
