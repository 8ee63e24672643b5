/** What tuning found, kept beside the models until a training is told to take it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';
import type { TunedRecipe } from '../train/index.ts';
import type { Context } from './context.ts';
import { writeReportFile } from '../store/index.ts';

/** The best of a study of one horizon. */
export interface TunedHorizonSettings extends TunedRecipe {
  readonly study: string;
  /** The pack with its settings, as it was when the study was made. */
  readonly packHash: string;
  readonly trial: number;
  readonly score: number;
}

type Stored = Readonly<Record<string, TunedHorizonSettings>>;

const fileOf = ({ folders }: Context): string => path.join(folders.models, 'tuned.json');

/** Keeps the best of a horizon, in place of what was found before. */
export async function storeTuned(context: Context, days: number, found: TunedHorizonSettings): Promise<void> {
  const stored = (await readStored(context)) ?? {};
  const next = { ...stored, [`${String(days)}d`]: found };
  await writeReportFile(fileOf(context), `${JSON.stringify(next, undefined, 1)}\n`);
}

/** What was found for each horizon of the pack. HF108 where there is nothing, HF504 where the pack has changed. */
export async function readTuned(context: Context): Promise<ReadonlyMap<number, TunedRecipe>> {
  const { pack } = context;
  const stored = await readStored(context);
  const found = new Map<number, TunedRecipe>();
  for (const days of pack.file.horizons) {
    const settings = stored?.[`${String(days)}d`];
    if (settings === undefined)
      throw new HoldfastError('HF108', {
        message: `nothing was tuned for ${String(days)} days`,
        hint: 'run holdfast tune first, or train without --tuned',
      });
    if (settings.packHash !== pack.hash)
      throw new HoldfastError('HF504', {
        message: `what was tuned for ${String(days)} days is of another state of the pack`,
        hint: 'run holdfast tune again, or train without --tuned',
      });
    found.set(days, settings);
  }
  return found;
}

async function readStored(context: Context): Promise<Stored | undefined> {
  try {
    return checked(JSON.parse(await readFile(fileOf(context), 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new HoldfastError('HF503', {
      message: 'what was tuned cannot be read',
      hint: 'delete the file and run holdfast tune again: the trials are kept',
      place: { file: fileOf(context) },
      cause,
    });
  }
}

/** What somebody else may have written: a learner that is told nonsense says nothing of this file. */
function checked(value: unknown): Stored {
  const isRecord = (one: unknown): one is Record<string, unknown> =>
    typeof one === 'object' && one !== null && !Array.isArray(one);
  const isRecipe = (one: unknown): boolean =>
    isRecord(one) &&
    typeof one['learner'] === 'string' &&
    typeof one['rounds'] === 'number' &&
    isRecord(one['parameters']);
  if (isRecord(value) && Object.values(value).every(isRecipe)) return value as unknown as Stored;
  throw new TypeError('it holds no recipes by horizon');
}
