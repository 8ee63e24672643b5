/** Whether the data of today are fit to be scored. */
import {
  cleanedMissing,
  type DataHealth,
  expectationHealth,
  snapshotHealth,
  sourceHealth,
  tableHealth,
} from '../../desk/index.ts';
import { observedDay, type PageParts } from './page-parts.ts';

const QUARANTINE_TABLE = 'quality.quarantined_rows';

/** What is not there yet is empty. */
export async function readDataHealth(parts: PageParts): Promise<DataHealth> {
  const { lake, pack, views } = parts;
  const snapshot = await snapshotHealth(views.engine, pack, await views.newest(pack.file.features.table));
  const inTraining = await missingInTraining(parts);
  return {
    as_of: snapshot?.asOf ?? null,
    observed_to: await observedDay(parts),
    sources: await sourceHealth(lake, pack),
    tables: await tableHealth(lake),
    expectations: await expectationHealth(views),
    features: [...(snapshot?.missing ?? [])]
      .map(([name, missing]) => ({
        name,
        label: pack.features[name]?.label ?? name,
        missing,
        missing_in_training: inTraining.get(name) ?? null,
      }))
      .sort((a, b) => distanceOf(b) - distanceOf(a)),
    snapshot_rows: snapshot?.rows ?? 0,
    quarantined_rows: (await lake.exists(QUARANTINE_TABLE))
      ? (await lake.snapshot(QUARANTINE_TABLE)).rows
      : 0,
  };
}

/** Without anything to compare with, features come last. */
const distanceOf = ({ missing, missing_in_training: before }: DataHealth['features'][number]): number =>
  before === null ? -1 : Math.abs(missing - before);

/** Missing shares among the training rows of the champion's shortest horizon, before cleaning. */
async function missingInTraining(parts: PageParts): Promise<ReadonlyMap<string, number>> {
  const { champion } = await parts.registry.state();
  const [model] = (champion === null ? undefined : await parts.setFacts(champion))?.models ?? [];
  if (champion === null || model === undefined) return new Map();
  const { encoding, statistics } = model;
  const isCleaned = encoding.features.some(({ cleaning }) => cleaning !== undefined);
  // Statistics are of what the learner saw: where cleaning put a value in, nothing was missing any more.
  const asDelivered = encoding.features.flatMap(({ name, cleaning }): [string, number][] => {
    const share = statistics.features[name]?.missingShare;
    return share === undefined || cleaning !== undefined ? [] : [[name, share]];
  });
  const dropped = (encoding.dropped ?? []).map(({ name, missingShare }): [string, number] => [
    name,
    missingShare,
  ]);
  const found = isCleaned ? await cleanedMissing(parts.views, champion) : new Map<string, number>();
  return new Map([...found, ...dropped, ...asDelivered]);
}
