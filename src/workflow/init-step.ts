/** Makes a pack from a file: looks at it, decides, writes the pack, and lays the file into the landing folder. */
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TableProfile } from '../domain/index.ts';
import type { Engine } from '../engine/index.ts';
import { draftPack, packTexts, safeFileName } from '../init/index.ts';
import { HoldfastError, type Progress, shellWord } from '../kernel/index.ts';
import { loadPack, shownPath, type SourceFormat } from '../pack/index.ts';
import { profileTable, type ProfileWishes } from '../profile/index.ts';
import { openFileTable } from './open-table.ts';

export interface InitOptions extends ProfileWishes {
  /** Folder of the pack to be. */
  readonly folder: string;
  /** The data. */
  readonly file: string;
  /** Folder of the workspace. */
  readonly workspace: string;
  /** What is known of how the file is written; the rest is found. */
  readonly format?: SourceFormat;
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
  readonly horizonDays?: number;
  readonly currency?: string;
  readonly revenue?: string;
  /** Overwrites a pack that is there, and another file of the same name in the landing folder. */
  readonly force?: boolean;
}

export interface InitResult {
  readonly profile: TableProfile;
  /** Absolute. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly landed: string;
  readonly features: readonly string[];
  readonly leftOut: readonly { readonly column: string; readonly why: string }[];
}

const HORIZON_DAYS = 30;

/**
 * Throws HF108 where a pack or another file is in the way, HF201 and HF202 for the file, and what `profileTable`
 * and `draftPack` throw. Nothing is written before all is decided.
 */
export async function initStep(
  { engine, progress }: { readonly engine: Engine; readonly progress: Progress },
  options: InitOptions,
): Promise<InitResult> {
  const { folder, file, force = false } = options;
  await requireFree(folder, force);
  await using table = await openFileTable({ engine, workspace: options.workspace }, file, options.format);
  for (const note of table.notes) progress.info(note);
  const landed = path.join(options.workspace, 'landing', safeFileName(path.basename(file)));
  await requireLandable(file, landed, force);
  const profile = await profileTable(
    { engine, progress, ...table },
    withDecimal({ ...options, requiresTarget: true }, table.format),
  );
  const { keep, drop } = checkedColumns(profile, options);
  const draft = draftPack(profile, {
    name: packName(folder),
    files: patternsOf(path.basename(landed)),
    format: withoutUndefined(table.format),
    keep,
    drop,
    horizonDays: options.horizonDays ?? HORIZON_DAYS,
    ...(options.currency === undefined ? {} : { currency: options.currency }),
    ...(options.revenue === undefined ? {} : { revenue: options.revenue }),
  });
  const texts = packTexts(draft, shownPath(folder));
  await writePack(folder, texts);
  await land(file, landed);
  return {
    profile,
    folder,
    files: texts.map((text) => text.path),
    landed,
    features: draft.features.map(({ name }) => name),
    leftOut: draft.columns.flatMap(({ use, why, profile: { name } }) =>
      use === 'left_out' ? [{ column: name, why: why ?? '' }] : [],
    ),
  };
}

/** How numbers are written is known of the whole file where some of it tells. */
export function withDecimal(wishes: ProfileWishes, { decimal }: SourceFormat): ProfileWishes {
  return decimal === undefined ? wishes : { ...wishes, hints: { decimal, ...wishes.hints } };
}

async function requireFree(folder: string, force: boolean): Promise<void> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new HoldfastError('HF108', {
      message: 'the folder of the pack cannot be made here',
      hint: 'give the path of a folder that is not there yet',
      place: { file: shownPath(folder) },
      cause: error,
    });
  });
  if (names.length === 0) return;
  if (names.includes('pack.yaml') && force) return;
  throw new HoldfastError('HF108', {
    message: names.includes('pack.yaml') ? 'there is a pack in this folder' : 'the folder is not empty',
    hint: names.includes('pack.yaml')
      ? 'give another folder, or --force to write the pack anew; your changes in it would be lost'
      : 'give a folder that is empty or not there yet',
    place: { file: shownPath(folder) },
  });
}

async function requireLandable(file: string, landed: string, force: boolean): Promise<void> {
  if (force || path.resolve(file) === path.resolve(landed)) return;
  const there = await stat(landed).catch(() => undefined);
  if (there === undefined) return;
  const same =
    there.size === (await stat(file)).size && (await readFile(landed)).equals(await readFile(file));
  if (same) return;
  throw new HoldfastError('HF108', {
    message: 'another file of this name is in the landing folder',
    hint: 'give another --workspace, or --force to replace the file',
    place: { file: shownPath(landed) },
  });
}

/** Columns named by flags, as the file spells them. */
function checkedColumns(
  { columns }: TableProfile,
  { keep = [], drop = [] }: InitOptions,
): { keep: string[]; drop: string[] } {
  const names = columns.map(({ name }) => name);
  const found = (flag: string, list: readonly string[]): string[] =>
    list.map((wanted) => {
      const exact =
        names.find((name) => name === wanted) ??
        names.find((name) => name.toLowerCase() === wanted.toLowerCase());
      if (exact !== undefined) return exact;
      throw new HoldfastError('HF203', {
        message: `there is no column ${wanted}`,
        hint: `give ${flag} one of ${names.slice(0, 15).map(shellWord).join(', ')}${names.length > 15 ? ', ...' : ''}`,
        place: { field: wanted },
      });
    });
  return { keep: found('--keep', keep), drop: found('--drop', drop) };
}

/** A name as packs have it: lower case, digits, underscores. */
function packName(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '');
  return name === '' ? 'customers' : name;
}

/** The file itself, and later ones with a date behind its name. */
function patternsOf(name: string): string[] {
  const { name: stem, ext } = path.parse(name);
  return [name, `${stem}_*${ext}`];
}

async function writePack(folder: string, texts: readonly { path: string; text: string }[]): Promise<void> {
  for (const { path: below, text } of texts) {
    const file = path.join(folder, below);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  // What cannot be read back must not be handed over.
  await loadPack(folder);
}

/** The keys of a format that say something. */
const withoutUndefined = (format: SourceFormat): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(format).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );

/** Copied beside and moved, so that a half-written file is never taken. */
async function land(file: string, landed: string): Promise<void> {
  if (path.resolve(file) === path.resolve(landed)) return;
  await mkdir(path.dirname(landed), { recursive: true });
  const staged = path.join(path.dirname(landed), `.${path.basename(landed)}.${String(process.pid)}`);
  try {
    await copyFile(file, staged);
    await rename(staged, landed);
  } finally {
    await rm(staged, { force: true });
  }
}
