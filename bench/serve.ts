/**
 * The server against its bars, and against a service in Python with the same models in the same run:
 * `npm run bench:serve`. Both are processes of their own and answer in turn, several times; figures are medians. Bodies
 * are all distinct, so that no cache of answers helps. The clock of a shared machine says less than the time of the
 * processors, which stands beside it.
 *
 *   --sections throughput,latency,...  of throughput, latency, lookup, reasons, batch, raw, start (default: all)
 *   --rounds 3 --seconds 5             how often and how long each side is measured
 *   --soak 30                          minutes at half of capacity, as a section more
 *   --no-peer                          Holdfast alone
 *   --profile <folder>                 writes profiles of the processor there, one a thread of the server
 *   --made <folder>                    keeps the made workspace there, and takes one that is there already
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type MadeWorkspace, makeWorkspace } from './serving/made-workspace.ts';
import { hasPeer, type Running, startHoldfast, startPeer } from './serving/processes.ts';
import { raw } from './serving/raw-rows.ts';
import { batch, type Bench, latency, lookup, reasons, soak, start, throughput } from './serving/sections.ts';

const SECTIONS = { throughput, latency, lookup, reasons, batch, raw, start };
/** Those in which the peer answers too. */
const COMPARED = ['throughput', 'latency', 'reasons'];

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    sections: { type: 'string', default: Object.keys(SECTIONS).join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    soak: { type: 'string', default: '0' },
    entities: { type: 'string', default: '200000' },
    peer: { type: 'boolean', default: true },
    made: { type: 'string' },
    profile: { type: 'string' },
  },
});

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const sayLoad = (): void => {
  const load = loadavg().map((value) => value.toFixed(2));
  say(`${String(availableParallelism())} processors, load ${load.join(' ')}`);
};

async function made(root: string): Promise<MadeWorkspace> {
  const file = path.join(root, 'made.json');
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8')) as MadeWorkspace;
  const workspace = await makeWorkspace(root, Number(options.entities));
  await writeFile(file, JSON.stringify(workspace));
  return workspace;
}

const chosen = options.sections.split(',').filter((name) => name !== '');
const unknown = chosen.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) throw new Error(`there is no section ${unknown.join(', ')}`);

async function openPeer(workspace: MadeWorkspace): Promise<Running | undefined> {
  const isWanted = options.peer && chosen.some((name) => COMPARED.includes(name));
  if (isWanted && !hasPeer()) say('the peer is not installed: node tools/setup.mjs --peers');
  return isWanted && hasPeer() ? startPeer(workspace) : undefined;
}

async function measureAll(root: string): Promise<void> {
  const workspace = await made(root);
  await using holdfast = await startHoldfast(workspace, options.profile);
  await using peer = (await openPeer(workspace)) ?? null;
  let seed = Math.floor(performance.now());
  const bench: Bench = {
    made: workspace,
    holdfast,
    peer: peer ?? undefined,
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    soakMinutes: Number(options.soak),
    capacity: new Map(),
    nextSeed: () => (seed += 1),
    say,
  };
  sayLoad();
  for (const name of chosen) await SECTIONS[name as keyof typeof SECTIONS](bench);
  if (bench.soakMinutes > 0) await soak(bench);
  sayLoad();
}

const root = options.made ?? (await mkdtemp(path.join(tmpdir(), 'holdfast-bench-serve-')));
try {
  await measureAll(root);
} finally {
  if (options.made === undefined) await rm(root, { recursive: true, force: true });
}
