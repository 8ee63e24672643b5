/**
 * The metamorphic part: features at T are built again from raw rows in which everything at or after T is
 * deleted, and once more with another future in its place. A feature that changes has seen it.
 */
import { groupDigits, silentProgress } from '../kernel/index.ts';
import type { LeakKind } from '../pack/index.ts';
import { exampleText, openBench, type RebuildParts, type Rebuilt, type Workbench } from './bench.ts';
import { compareWithBase, type Comparison, type Difference, keepAsBase } from './compare.ts';
import type { Finding } from './finding.ts';
import { type Part, partsFrom, type Perturbation } from './perturb.ts';
import type { TimelessPool } from './static.ts';
import { undatedFindings } from './undated.ts';
import { openWorld, type World } from './world.ts';

/** Builds the features of a sample again and again, and says which of them saw what they must not see. */
export async function rebuildAndCompare(parts: RebuildParts): Promise<Rebuilt> {
  const { pack, scratch } = parts;
  const task = (parts.progress ?? silentProgress).start('rebuild features without the future');
  const world = await openWorld(parts);
  const bench = openBench(parts, world);
  await bench.rebuild();
  await keepAsBase(scratch, pack);
  await bench.rebuild();
  const again = await compareWithBase(scratch, pack);
  const unsteady = unsteadyFindings(again);
  const steady = (finding: Finding): boolean =>
    finding.feature === undefined || !again.features.has(finding.feature);
  const found =
    pack.file.undated === undefined ? await datedFindings(parts, bench) : await undatedFindings(parts, bench);
  task.done(`${groupDigits(bench.rebuilds)} rebuilds of ${groupDigits(world.entities)} entities`);
  return {
    findings: [...unsteady, ...found.filter(steady)],
    dates: parts.dates,
    entities: world.entities,
    rebuilds: bench.rebuilds,
    notes: world.notes,
  };
}

/** Features that two builds of the same rows give differently: nothing else can be said of them. */
function unsteadyFindings({ compared, features }: Comparison): Finding[] {
  return [...features].map(([feature, difference]) => ({
    kind: 'not_deterministic',
    feature,
    evidence: `two builds of the same rows differ for ${groupDigits(difference.rows)} of ${groupDigits(compared)} rows${exampleText(difference)}`,
    example: difference.example,
  }));
}

interface Seen {
  readonly date: string;
  readonly mode: Perturbation['mode'];
  readonly difference: Difference;
  readonly compared: number;
}

async function datedFindings(parts: RebuildParts, bench: Workbench): Promise<Finding[]> {
  const { pack, scratch, dates } = parts;
  const longest = Math.max(...pack.file.horizons);
  const seen = new Map<string, Seen[]>();
  const findings: Finding[] = [];
  const lost: { date: string; missing: number; compared: number }[] = [];
  for (const date of dates) {
    const all = partsFrom(bench.world, date, longest);
    for (const mode of ['delete', 'change'] as const) {
      await bench.rebuild({ date, mode, parts: all });
      const { features, missing, compared } = await compareWithBase(scratch, pack, { date });
      for (const [feature, difference] of features)
        seen.set(feature, [...(seen.get(feature) ?? []), { date, mode, difference, compared }]);
      if (missing === 0 || mode !== 'delete') continue;
      lost.push({ date, missing, compared });
      // Other snapshots take their place in another future: nothing follows from that.
      break;
    }
  }
  const [first] = lost;
  if (first !== undefined)
    findings.push({
      kind: 'snapshot_after_date',
      feature: undefined,
      evidence: `${groupDigits(first.missing)} of ${groupDigits(first.compared)} snapshots of ${first.date} are gone when raw rows dated after that day are deleted: they were taken later than their date says`,
      entities: { changed: first.missing, compared: first.compared },
      dates: lost.map(({ date }) => date),
    });
  return [...findings, ...(await attributed(parts, bench, seen, longest))];
}

/** Finds out which part of the future each feature saw, by showing it one part at a time. */
async function attributed(
  parts: RebuildParts,
  bench: Workbench,
  seen: ReadonlyMap<string, readonly Seen[]>,
  longest: number,
): Promise<Finding[]> {
  const { pack, scratch } = parts;
  const causes = new Map<string, Cause[]>();
  const occasions = new Map<string, { date: string; mode: Perturbation['mode'] }>();
  for (const [first] of seen.values())
    if (first !== undefined) occasions.set(`${first.date} ${first.mode}`, first);
  for (const { date, mode } of occasions.values()) {
    for (const part of partsFrom(bench.world, date, longest)) {
      await bench.rebuild({ date, mode, parts: [part] });
      const { features } = await compareWithBase(scratch, pack, { date });
      if (features.size === 0) continue;
      const isEvent =
        part.aspect === 'rows' &&
        bench.world.sources.find(({ table }) => table === part.source)?.role === 'event';
      const others = isEvent
        ? await seenInOthers(parts, bench, { date, mode, parts: [part] })
        : new Set<string>();
      for (const feature of features.keys())
        causes.set(feature, [...(causes.get(feature) ?? []), { part, others: others.has(feature) }]);
    }
  }
  return [...seen].flatMap(([feature, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const own = causes.get(feature) ?? [];
    const kinds = new Map<LeakKind, Part[]>();
    for (const { kind, part } of kindsOf(bench.world, first, own))
      kinds.set(kind, [...(kinds.get(kind) ?? []), part]);
    if (kinds.size === 0) kinds.set('label_window', []);
    const pools = parts.pools.filter((pool) => pool.feature === feature);
    return [...kinds].map(([kind, because]) => ({
      kind,
      feature,
      evidence: evidenceOf(first, because, pools),
      entities: { changed: first.difference.rows, compared: first.compared },
      dates: [...new Set(all.map(({ date }) => date))],
      example: first.difference.example,
    }));
  });
}

/** Features of untouched entities that change with the rows of others. */
async function seenInOthers(
  parts: RebuildParts,
  bench: Workbench,
  perturbation: Perturbation,
): Promise<Set<string>> {
  await bench.rebuild({ ...perturbation, onlyOthers: true });
  const { features } = await compareWithBase(parts.scratch, parts.pack, {
    date: perturbation.date,
    onlyUntouched: true,
  });
  return new Set(features.keys());
}

interface Cause {
  readonly part: Part;
  readonly others: boolean;
}

/** One kind for all rows that were seen, the farthest-reaching one, and one for each other way of seeing. */
function kindsOf(world: World, first: Seen, causes: readonly Cause[]): { kind: LeakKind; part: Part }[] {
  const rows = causes.filter(({ part }) => part.aspect === 'rows');
  const other = causes.flatMap(({ part }) => {
    if (part.aspect === 'rows') return [];
    const kind: LeakKind = part.aspect === 'arrival' ? 'late_arrival' : 'filled_later';
    return [{ kind, part }];
  });
  const kind = rowsKind(world, first, rows);
  return kind === undefined ? other : [...rows.map(({ part }) => ({ kind, part })), ...other];
}

function rowsKind(world: World, first: Seen, causes: readonly Cause[]): LeakKind | undefined {
  if (causes.length === 0) return undefined;
  if (causes.some(({ others }) => others)) return 'target_encoding';
  const isSnapshot = causes.every(
    ({ part }) => world.sources.find(({ table }) => table === part.source)?.role === 'snapshot',
  );
  // Without any later snapshot nothing but NULL is left: the values were filled in from them.
  const { mode, difference } = first;
  if (isSnapshot && mode === 'delete' && difference.becameNull === difference.rows) return 'future_filled';
  const windows = new Set(causes.map(({ part }) => (part.aspect === 'rows' ? part.window : undefined)));
  if (windows.has('beyond')) return 'whole_history';
  if (isSnapshot) return 'later_snapshot';
  return windows.has('label_window') ? 'label_window' : 'same_day';
}

function evidenceOf(first: Seen, because: readonly Part[], pools: readonly TimelessPool[]): string {
  const changed = `${groupDigits(first.difference.rows)} of ${groupDigits(first.compared)} entities differ at ${first.date}`;
  const what = [...new Set(because.map((part) => partText(part, first.date)))].join(' and ');
  const how = first.mode === 'delete' ? 'taken away' : 'changed';
  const pooled = [...new Set(pools.map((pool) => `${pool.function} over all dates in ${pool.path}`))];
  return `${changed} when ${what === '' ? 'everything from that day on is' : `${what} are`} ${how}${exampleText(first.difference)}${pooled.length === 0 ? '' : `; ${pooled.join(', ')}`}`;
}

function partText(part: Part, date: string): string {
  switch (part.aspect) {
    case 'rows':
      return part.window === 'same_day'
        ? `rows of ${part.source} of ${date} itself`
        : `rows of ${part.source} from ${part.from}${part.to === undefined ? ' on' : ` to before ${part.to}`}`;
    case 'arrival':
      return `rows of ${part.source} from before ${date} with ${part.column} on or after it`;
    case 'column':
      return `values of ${part.source} that come with a ${part.column} on or after ${date}`;
  }
}
