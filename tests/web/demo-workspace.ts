/**
 * The workspace that the tests of the dashboard look at: a small broadband company, two months of deliveries, scored in
 * both by the product's own commands, evaluated, and with some work done. Its clock stands on the morning of the second.
 */
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { holdfast } from '../cli/holdfast.ts';
import { makeDeliveries } from '../main-job/deliveries.ts';
import { type ServerProcess, startServer } from '../serving/server-process.ts';

export const CUSTOMERS = 2000;
export const SCORE_DATES = ['2024-12-01', '2024-11-01'] as const;
/** When everything happens. */
export const CLOCK_BEGINS = '2024-12-01T09:00:00Z';

const CLOCK = pathToFileURL(path.join(import.meta.dirname, 'fixed-clock.mjs')).href;
const QUICK = ['--set', 'learner.rounds=60', '--set', 'learner.early_stopping_rounds=20'];

/** Variables of a program that thinks it is that day. */
const clockAt = (begins: string): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--import ${CLOCK}`,
  CLOCK_BEGINS: begins,
});

/** Runs a command on the day of the workspace; throws with what it said unless it went well. */
export async function command(words: readonly string[], begins = CLOCK_BEGINS): Promise<string> {
  const { exitCode, stdout, stderr } = await holdfast(words, { environment: clockAt(begins) });
  if (exitCode !== 0)
    throw new Error(`holdfast ${words.join(' ')} ended with ${String(exitCode)}: ${stderr}`);
  return stdout;
}

/** Rows of `holdfast query`. */
export async function query(workspace: string, sql: string): Promise<Record<string, unknown>[]> {
  const text = await command(['query', sql, '--json', '--workspace', workspace]);
  return (JSON.parse(text) as { rows: Record<string, unknown>[] }).rows;
}

/** A server of a workspace, on the day of the workspace. */
export const serveWorkspace = (workspace: string): Promise<ServerProcess> =>
  startServer(
    ['--workspace', workspace, '--set', 'serve.drain_seconds=0', '--set', 'serve.max_delay_ms=600000'],
    clockAt(CLOCK_BEGINS),
  );

/** Makes it in a folder. */
export async function makeDemoWorkspace(folder: string, customers = CUSTOMERS): Promise<void> {
  const landing = path.join(folder, 'landing');
  await mkdir(landing, { recursive: true });
  const [to, cut] = SCORE_DATES;
  await using deliveries = await makeDeliveries({ customers, from: '2022-08-01', cut, to });
  const run = ['run', '--workspace', folder, '--quiet', ...QUICK];
  await cp(deliveries.first, landing, { recursive: true });
  await command(run, `${cut}T06:00:00Z`);
  await cp(deliveries.second, landing, { recursive: true });
  await command(run, `${to}T06:00:00Z`);
  await doSomeWork(folder);
}

/** What a team does in its first hour: some calls, a snooze, a suppression, work taken and given back. */
async function doSomeWork(folder: string): Promise<void> {
  await using server = await serveWorkspace(folder);
  const answer = await fetch(`${server.url}/v1/customers?tab=due&limit=12`);
  const { rows } = (await answer.json()) as { rows: { id: string }[] };
  const done: readonly Readonly<Record<string, string>>[] = [
    { action: 'contact', outcome: 'accepted_offer', note: 'Takes the new package' },
    { action: 'contact', outcome: 'refused' },
    { action: 'contact', outcome: 'no_answer' },
    { action: 'contact', outcome: 'contacted' },
    { action: 'snooze', until: '2024-12-09', reason: 'Asked to be called next week' },
    { action: 'suppress', reason: 'In a dispute about a bill' },
    { action: 'assign' },
  ];
  for (const [index, body] of done.entries()) {
    // The first rows stay as they are: what is most urgent is what pictures begin with.
    const id = rows[index + 4]?.id ?? '';
    const taken = await fetch(`${server.url}/v1/customers/${encodeURIComponent(id)}/work`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!taken.ok) throw new Error(`work on ${id} is refused: ${await taken.text()}`);
  }
}
