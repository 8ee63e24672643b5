/**
 * The pack of `tests/fixtures/packs/magazine` with readers to go with it: a small company of another trade,
 * without dates. A whole run takes about a second, so that most tests of the main job can use it.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seededRandom } from '../support/random.ts';
import {
  type InlineRow,
  openWorkspace,
  type TestWorkspace,
  type WorkspaceOptions,
} from '../support/workspace.ts';

export const MAGAZINE_PACK = path.join(import.meta.dirname, '../fixtures/packs/magazine');

/** Texts that a spreadsheet would run, as people do type them on order cards, and some that it would not. */
export const FORMULA_TEXTS = [
  '=SUM(A1:A9)',
  '+49 30 1234',
  '-none-',
  '@aunt',
  '\tuncle',
  '\rcousin',
] as const;
const PLAIN_TEXTS = ['grandmother', 'nobody', 'a, "friend"'] as const;
const TITLES = ['Garden', 'Chess', 'Railways'] as const;

/** Every tenth reader is followed by one who is the same in all features. */
const TWIN_EVERY = 10;

/**
 * Readers `R0001`, ... of whom about a third have ended the subscription, the more often the more they
 * complain and the more copies come back. Of twins, who share all features, one may have left alone.
 */
export function readers(count: number, seed = 1): InlineRow[] {
  const random = seededRandom(seed);
  const rows: InlineRow[] = [];
  while (rows.length < count) {
    const number = rows.length + 1;
    const before = rows.at(-1);
    const isTwin = number % TWIN_EVERY === 0 && before !== undefined;
    const complaints = isTwin ? Number(before['complaints']) : random.whole(0, 4);
    const returned = isTwin ? Number(before['copies_returned']) : random.whole(0, 3);
    const row: InlineRow = {
      reader_id: `R${String(number).padStart(4, '0')}`,
      title: random.pick(TITLES),
      months_subscribed: random.whole(1, 60),
      copies_returned: returned,
      complaints,
      monthly_price: random.pick([4.5, 7.9, 12]),
      gift_from: random.pick([...PLAIN_TEXTS, ...FORMULA_TEXTS]),
      ended: random.chance(0.04 + 0.14 * complaints + 0.06 * returned) ? 'yes' : 'no',
      part: random.pick(['a', 'a', 'a', 'b', 'c']),
    };
    rows.push(isTwin ? { ...before, reader_id: row['reader_id'] ?? '', ended: row['ended'] ?? '' } : row);
  }
  return rows;
}

/** Readers with the value of a column replaced in some rows, counted from 1. */
export function readersWith(
  count: number,
  column: string,
  values: Readonly<Record<number, string>>,
): InlineRow[] {
  return readers(count).map((row, index) => {
    const value = values[index + 1];
    return value === undefined ? row : { ...row, [column]: value };
  });
}

/** An empty workspace of the magazine, or of a changed copy of its pack. */
export function openMagazine(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  return openWorkspace({ pack: MAGAZINE_PACK, ...options });
}

/** A copy of the magazine's pack in a temporary folder with texts replaced, file by file. */
export async function changedMagazine(
  ...changes: readonly { readonly file: string; readonly from: string; readonly to: string }[]
): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-pack-magazine-'));
  await cp(MAGAZINE_PACK, folder, { recursive: true });
  for (const { file, from, to } of changes) {
    const target = path.join(folder, file);
    const parts = (await readFile(target, 'utf8')).split(from);
    if (parts.length !== 2) throw new Error(`${file} holds ${String(parts.length - 1)} times: ${from}`);
    await writeFile(target, parts.join(to));
  }
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a request for a score says of a reader. */
export const READER_FEATURES = {
  title: 'Chess',
  months_subscribed: 3,
  copies_returned: 1,
  complaints: 2,
  monthly_price: 4.5,
  gift_from: null,
};

/** A whole request about a reader of that many complaints. */
export const readerOf = (readerId: string, complaints = READER_FEATURES.complaints) => ({
  reader_id: readerId,
  ...READER_FEATURES,
  complaints,
});
