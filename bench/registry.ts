/**
 * How long an old registry takes to answer: `npm run bench:registry -- --sets 10000 --runs 7`. It makes a history of so
 * many sets of three models each, every fifth of which was promoted, and times the state from nothing (as a command
 * reads it), the state once more (as a server does), and the work of `models list`. Prints them beside the bar.
 */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { command } from '../src/cli/commands/models-list.ts';
import type { Input, Session } from '../src/cli/command.ts';
import { systemClock } from '../src/kernel/index.ts';
import { openRegistry } from '../src/registry/index.ts';
import { lineOf, linkTo } from '../src/registry/history.ts';
import type { Change, RegistryEvent } from '../src/registry/state.ts';

/** Of the list and of an alias, in process. */
const BAR_MS = 100;
const PROMOTED_EVERY = 5;
const HORIZONS = [30, 60, 90];

const { values: options } = parseArgs({
  options: { sets: { type: 'string', default: '10000' }, runs: { type: 'string', default: '7' } },
});
const sets = Number(options.sets);

function* changes(): Generator<Change> {
  const byName = <T>(value: T): Record<string, T> =>
    Object.fromEntries(HORIZONS.map((days) => [`churn_model_${String(days)}d`, value]));
  for (let id = 1; id <= sets; id += 1) {
    const hash = String(id).padStart(64, '0');
    yield {
      kind: 'registered',
      summary: {
        id,
        hash,
        versions: byName(id),
        pack: 'broadband',
        packHash: hash,
        testAucPr: byName(0.123_456_789),
        origin: 'trained',
      },
    };
    if (id % PROMOTED_EVERY === 0)
      yield { kind: 'promoted', set: id, evidence: { file: 'evidence/0.json', hash } };
  }
}

function historyText(): string {
  const lines: string[] = [];
  let last: RegistryEvent | undefined;
  for (const change of changes()) {
    const aliases = { champion: null, challenger: null };
    last = {
      ...change,
      number: lines.length + 1,
      id: '00000000-0000-0000-0000-000000000000',
      previous: linkTo(last),
      at: '2024-06-01T00:00:00.000Z',
      by: 'bench',
      why: null,
      run: '20240601T000000Z-00000000',
      before: aliases,
      after: aliases,
    };
    lines.push(lineOf(last));
  }
  return `${lines.join('\n')}\n`;
}

async function timed(name: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let run = 0; run < Number(options.runs); run += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const shown = [times[0], times[times.length >> 1], times.at(-1)].map((ms) => (ms ?? 0).toFixed(1));
  const verdict = Number(shown[1]) <= BAR_MS ? 'holds' : 'is missed';
  console.log(
    `${name.padEnd(42)} ${shown.join(' / ')} ms (min / median / max); bar ${String(BAR_MS)} ms ${verdict}`,
  );
}

const workspace = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-registry-'));
try {
  const models = path.join(workspace, 'models');
  await mkdir(models);
  const file = path.join(models, 'history.jsonl');
  await writeFile(file, historyText());
  const megabytes = ((await stat(file)).size / 1e6).toFixed(1);
  console.log(`${String(sets)} sets, ${String(sets * HORIZONS.length)} versions, ${megabytes} MB of history`);
  await timed('state, opened anew', () => openRegistry(models, systemClock).state());
  const open = openRegistry(models, systemClock);
  await timed('state, again', () => open.state());
  const session = {
    resolve: () => Promise.resolve({ config: { workspace } }),
    clock: systemClock,
  } as unknown as Session;
  const input = { flag: () => false, integer: () => 20, arguments: [] } as unknown as Input;
  await command.run(session, input);
  await timed('models list', () => command.run(session, input));
} finally {
  await rm(workspace, { recursive: true });
}
