import { openDuckDb } from '../../engine/index.ts';
import { type Progress, silentProgress, systemClock } from '../../kernel/index.ts';
import { openLake } from '../../lake/index.ts';
import { readFeatureIndex } from './feature-index.ts';
import type { OrderOf, ThreadAnswers } from './thread-tasks.ts';

/** Reads the index that an order asks for on an engine of its own. Errors as of `readFeatureIndex`. */
export async function readIndexOf({
  engine: settings,
  lake: root,
  pack,
  encoding,
  versions,
}: OrderOf<'index'>): Promise<ThreadAnswers['index']> {
  await using engine = await openDuckDb(settings);
  const warnings: string[] = [];
  const progress: Progress = {
    ...silentProgress,
    warn(message) {
      warnings.push(message);
    },
  };
  const lake = openLake({ root, engine, clock: systemClock, progress });
  const data = await readFeatureIndex({ engine, lake, pack, progress }, encoding, versions);
  return { data, warnings };
}
