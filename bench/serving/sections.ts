/** What is measured, section by section; each says its figures beside the bar. */
import { load, type LoadOrder, type LoadResult } from './load.ts';
import type { MadeWorkspace } from './made-workspace.ts';
import { processorSeconds, residentMebibytes, type Running, startFloor, startHoldfast } from './processes.ts';

export interface Bench {
  readonly made: MadeWorkspace;
  readonly holdfast: Running;
  /** Absent where the machine cannot run it. */
  readonly peer: Running | undefined;
  readonly rounds: number;
  readonly seconds: number;
  readonly soakMinutes: number;
  /** Requests a second that each side can answer, once it was measured. */
  readonly capacity: Map<Running['name'], number>;
  /** Seeds of bodies: each load has its own. */
  readonly nextSeed: () => number;
  readonly say: (line: string) => void;
}

const CONNECTIONS = 16;
const WARM_UP_SECONDS = 2;
const LOOKUPS_A_SECOND = 1000;
const BATCH_ROWS = 1000;

interface Measured extends LoadResult {
  readonly rate: number;
  /** Of the processors, a request. */
  readonly microseconds: number;
}

type Way = Pick<LoadOrder, 'connections' | 'seconds'> & {
  readonly path: string;
  readonly rate?: number;
  readonly rows?: number;
  readonly keys?: boolean;
};

async function measure(bench: Bench, side: Running, { path, keys, rows, ...way }: Way): Promise<Measured> {
  const { features, entities } = bench.made;
  const seed = bench.nextSeed();
  const before = processorSeconds(side.pid);
  const result = await load({
    ...way,
    url: side.url + path,
    headers: side.headers,
    bodies:
      keys === true
        ? { kind: 'keys', entities, seed }
        : { kind: 'features', features, seed, ...(rows === undefined ? {} : { rows }) },
  });
  if (result.failed > 0) bench.say(`${side.name}: ${String(result.failed)} requests failed`);
  const microseconds = ((processorSeconds(side.pid) - before) * 1e6) / result.answered;
  return { ...result, rate: result.answered / result.seconds, microseconds };
}

/** Both sides in turn, several times; the medians of each figure. */
async function alternate(
  bench: Bench,
  wayOf: (side: Running) => Way,
): Promise<Map<Running['name'], Measured>> {
  const sides = [bench.holdfast, ...(bench.peer === undefined ? [] : [bench.peer])];
  const found = new Map(sides.map(({ name }) => [name, [] as Measured[]]));
  for (const side of sides) await measure(bench, side, { ...wayOf(side), seconds: WARM_UP_SECONDS });
  for (let round = 0; round < bench.rounds; round += 1)
    for (const side of sides) found.get(side.name)?.push(await measure(bench, side, wayOf(side)));
  return new Map([...found].map(([name, all]) => [name, medians(all)]));
}

function medians(all: readonly Measured[]): Measured {
  const of = (key: keyof Measured): number => {
    const sorted = all.map((one) => one[key]).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  };
  const keys = ['answered', 'failed', 'seconds', 'p50', 'p99', 'max', 'rate', 'microseconds'] as const;
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as unknown as Measured;
}

const verdict = (holds: boolean): string => (holds ? 'holds' : 'is missed');
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const tenth = (value: number): string => value.toFixed(1);

function sayRates(bench: Bench, title: string, found: Map<Running['name'], Measured>): void {
  for (const [name, { rate, microseconds, p50, p99 }] of found)
    bench.say(
      `${title.padEnd(32)} ${name.padEnd(9)} ${whole(rate).padStart(7)}/s  p50 ${tenth(p50)} ms  p99 ${tenth(p99)} ms  ${whole(microseconds)} µs CPU a request`,
    );
  const [own, peer] = [found.get('holdfast'), found.get('peer')];
  if (own === undefined || peer === undefined) return;
  const times = own.rate / peer.rate;
  bench.say(
    `${title.padEnd(32)} ${tenth(times)} x the peer by the clock, ${tenth(peer.microseconds / own.microseconds)} x by CPU; bar 10 x ${verdict(times >= 10)}`,
  );
}

export async function throughput(bench: Bench): Promise<void> {
  const found = await alternate(bench, () => ({
    path: '/predict?reasons=false',
    connections: CONNECTIONS,
    seconds: bench.seconds,
  }));
  for (const [name, { rate }] of found) bench.capacity.set(name, rate);
  sayRates(bench, 'features in the body', found);
  await using floor = await startFloor(bench.made.peerFolder);
  const way = { path: '/predict', connections: CONNECTIONS };
  await measure(bench, floor, { ...way, seconds: WARM_UP_SECONDS });
  const { rate, microseconds } = await measure(bench, floor, { ...way, seconds: bench.seconds });
  bench.say(
    `${'floor: the framework alone'.padEnd(32)} floor     ${whole(rate).padStart(7)}/s  ${whole(microseconds)} µs CPU a request`,
  );
}

/** Measured where no section before did. */
async function capacityOf(bench: Bench, side: Running): Promise<number> {
  const known = bench.capacity.get(side.name);
  if (known !== undefined) return known;
  const way = { path: '/predict?reasons=false', connections: CONNECTIONS };
  await measure(bench, side, { ...way, seconds: WARM_UP_SECONDS });
  const { rate } = await measure(bench, side, { ...way, seconds: bench.seconds });
  bench.capacity.set(side.name, rate);
  return rate;
}

export async function latency(bench: Bench): Promise<void> {
  for (const side of [bench.holdfast, bench.peer]) if (side !== undefined) await capacityOf(bench, side);
  const found = await alternate(bench, ({ name }) => ({
    path: '/predict?reasons=false',
    connections: CONNECTIONS,
    seconds: bench.seconds,
    rate: Math.round((bench.capacity.get(name) ?? 0) / 2),
  }));
  for (const [name, { rate, p50, p99, max }] of found)
    bench.say(
      `${'at half of capacity'.padEnd(32)} ${name.padEnd(9)} ${whole(rate).padStart(7)}/s  p50 ${tenth(p50)} ms  p99 ${tenth(p99)} ms  max ${tenth(max)} ms`,
    );
  await sayFloor(bench, bench.capacity.get('holdfast') ?? 0);
  const [own, peer] = [found.get('holdfast')?.p99 ?? NaN, found.get('peer')?.p99];
  const holds = own <= 10 && (peer === undefined || own < peer);
  bench.say(`${'at half of capacity'.padEnd(32)} bar p99 10 ms and below the peer's ${verdict(holds)}`);
}

export async function lookup(bench: Bench): Promise<void> {
  const way = { path: '/predict', connections: CONNECTIONS, keys: true, rate: LOOKUPS_A_SECOND };
  await measure(bench, bench.holdfast, { ...way, seconds: WARM_UP_SECONDS });
  const all: Measured[] = [];
  for (let round = 0; round < bench.rounds; round += 1)
    all.push(await measure(bench, bench.holdfast, { ...way, seconds: bench.seconds }));
  const { p50, p99, max, rate, microseconds } = medians(all);
  await sayFloor(bench, 2 * LOOKUPS_A_SECOND);
  bench.say(
    `${`id only, ${whole(bench.made.entities)} customers`.padEnd(32)} holdfast  ${whole(rate).padStart(7)}/s  p50 ${tenth(p50)} ms  p99 ${tenth(p99)} ms  max ${tenth(max)} ms  ${whole(microseconds)} µs CPU a request; bar p99 10 ms ${verdict(p99 <= 10)}`,
  );
}

/** What a constant answer of the same framework takes at half of a capacity: the share that is the machine's. */
async function sayFloor(bench: Bench, capacity: number): Promise<void> {
  await using floor = await startFloor(bench.made.peerFolder);
  const way = { path: '/predict', connections: CONNECTIONS, rate: Math.round(capacity / 2) };
  await measure(bench, floor, { ...way, seconds: WARM_UP_SECONDS });
  const { rate, p50, p99, max } = await measure(bench, floor, { ...way, seconds: bench.seconds });
  bench.say(
    `${'floor: a constant answer'.padEnd(32)} floor     ${whole(rate).padStart(7)}/s  p50 ${tenth(p50)} ms  p99 ${tenth(p99)} ms  max ${tenth(max)} ms`,
  );
}

/** All contributions of all horizons, which is more than the three reasons of each that the peer gives. */
export async function reasons(bench: Bench): Promise<void> {
  const found = await alternate(bench, ({ name }) => ({
    path: name === 'holdfast' ? '/predict?explain=true' : '/predict?reasons=true',
    connections: CONNECTIONS,
    seconds: bench.seconds,
  }));
  sayRates(bench, 'reasons of all three horizons', found);
}

export async function batch(bench: Bench): Promise<void> {
  for (const path of ['/predict/batch?reasons=false', '/predict/batch']) {
    const way = { path, connections: 1, rows: BATCH_ROWS };
    await measure(bench, bench.holdfast, { ...way, seconds: WARM_UP_SECONDS });
    const all: Measured[] = [];
    for (let round = 0; round < bench.rounds; round += 1)
      all.push(await measure(bench, bench.holdfast, { ...way, seconds: bench.seconds }));
    const { p50, p99, microseconds } = medians(all);
    const title = path.includes('reasons')
      ? 'batch of 1,000, without reasons'
      : 'batch of 1,000, with reasons';
    bench.say(
      `${title.padEnd(32)} holdfast  p50 ${tenth(p50)} ms  p99 ${tenth(p99)} ms  ${whole(microseconds)} µs CPU a batch; bar p50 70 ms ${verdict(p50 <= 70)}`,
    );
  }
}

export async function start(bench: Bench): Promise<void> {
  const times: number[] = [bench.holdfast.readySeconds];
  for (let round = 1; round < bench.rounds; round += 1) {
    await using again = await startHoldfast(bench.made);
    times.push(again.readySeconds);
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1] ?? Number.NaN;
  bench.say(
    `${'start to ready'.padEnd(32)} holdfast  ${median.toFixed(2)} s (peer ${bench.peer?.readySeconds.toFixed(2) ?? '-'} s); bar 1 s ${verdict(median <= 1)}`,
  );
}

const SETTLED_MINUTES = 5;
const LOOK_EVERY_MS = 15_000;

export async function soak(bench: Bench): Promise<void> {
  const { holdfast, soakMinutes } = bench;
  const rate = Math.round((await capacityOf(bench, holdfast)) / 2);
  const memory: { readonly minutes: number; readonly mebibytes: number }[] = [];
  const begun = performance.now();
  const timer = setInterval(() => {
    const minutes = (performance.now() - begun) / 60_000;
    memory.push({ minutes, mebibytes: residentMebibytes(holdfast.pid) });
  }, LOOK_EVERY_MS);
  const way = { path: '/predict', connections: CONNECTIONS, seconds: soakMinutes * 60, rate };
  const { failed, answered, p99 } = await measure(bench, holdfast, way);
  clearInterval(timer);
  // A minute each, since the collector of garbage lets memory go up and down.
  const meanOf = (from: number): number => {
    const own = memory.filter(({ minutes }) => minutes >= from && minutes < from + 1);
    return own.reduce((sum, { mebibytes }) => sum + mebibytes, 0) / own.length;
  };
  const settled = Math.min(SETTLED_MINUTES, soakMinutes / 3);
  const [before, after] = [meanOf(settled), meanOf(soakMinutes - 1)];
  const growth = (after / before - 1) * 100;
  bench.say(
    `${`${String(soakMinutes)} minutes at ${whole(rate)}/s`.padEnd(32)} holdfast  ${whole(answered)} answers, ${String(failed)} errors, p99 ${tenth(p99)} ms, memory ${whole(before)} MiB after ${settled.toFixed(0)} min, ${whole(after)} MiB at the end (${tenth(growth)} %); bar 5 % and no errors ${verdict(growth < 5 && failed === 0)}`,
  );
}
