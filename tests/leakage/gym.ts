/** Members of a made-up gym for the pack of `tests/fixtures/packs/gym`, and changed copies of that pack. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addDays, addMonths } from '../../src/domain/index.ts';
import { seededRandom } from '../support/random.ts';
import type { InlineRow, TestWorkspace } from '../support/workspace.ts';

export const GYM_PACK = path.join(import.meta.dirname, '../fixtures/packs/gym');

const MEMBERS = 260;
const FIRST = '2023-01-01';
const MONTHS = 18;
/** Days from a notice to the end of the membership. */
const NOTICE_DAYS = 35;

export interface Gym {
  readonly members: readonly InlineRow[];
  readonly visits: readonly InlineRow[];
  readonly payments: readonly InlineRow[];
  readonly notices: readonly InlineRow[];
}

/**
 * Members who come less often before they give notice. `note` and `next_fee` are what a system overwrites
 * later: in the months before a notice the reason for it stands there, and the next fee is gone.
 */
export function gym(seed = 1): Gym {
  const random = seededRandom(seed);
  const members: InlineRow[] = [];
  const visits: InlineRow[] = [];
  const payments: InlineRow[] = [];
  const notices: InlineRow[] = [];
  for (let number = 0; number < MEMBERS; number += 1) {
    const id = `M${random.whole(10_000, 99_999)}-${String(number)}`;
    const plan = random.pick(['day', 'night', 'all']);
    let given: string | undefined;
    let joined = random.whole(0, 4);
    for (let month = 0; month < MONTHS; month += 1) {
      const date = addMonths(FIRST, month);
      if (month < joined || (given !== undefined && addDays(given, NOTICE_DAYS) < date)) continue;
      joined = month;
      const visitsNow = random.whole(0, 6);
      const leaves = given === undefined && random.chance(visitsNow < 2 ? 0.16 : 0.04);
      if (leaves) given = addDays(date, random.whole(0, 27));
      const leavesSoon = leaves || (given !== undefined && given >= date);
      members.push({
        member_id: id,
        taken_on: date,
        plan,
        fee: random.pick([20, 25, 40]),
        weight: random.chance(0.3) ? null : random.whole(50, 120),
        next_fee: leavesSoon ? null : random.pick([20, 25, 40]),
        note: leavesSoon ? random.pick(['moves away', 'too dear', 'ill']) : null,
      });
      for (let visit = 0; visit < visitsNow; visit += 1) {
        const day = addDays(date, random.whole(-27, 0));
        visits.push({
          member_id: id,
          visited_on: day,
          received_on: addDays(day, random.whole(0, 9)),
          minutes: random.whole(10, 120),
        });
      }
      for (let paid = random.whole(0, 3); paid > 0; paid -= 1)
        payments.push({
          member_id: id,
          paid_on: addDays(date, random.whole(0, 27)),
          amount: random.whole(2, 30),
        });
      if (leaves && given !== undefined) {
        const ended = addDays(given, NOTICE_DAYS);
        const isOpen = ended > '2024-06-30';
        notices.push({
          member_id: id,
          given_on: given,
          ended_on: isOpen ? null : ended,
          refund: isOpen ? null : random.whole(0, 50),
        });
      }
    }
  }
  return { members, visits, payments, notices };
}

export async function landGym(workspace: TestWorkspace, data: Gym): Promise<void> {
  for (const [name, rows] of Object.entries(data) as [keyof Gym, readonly InlineRow[]][])
    await workspace.land(`${name}.csv`, rows);
}

export interface Change {
  readonly file: string;
  /** What stands in the file once; left out, `to` is added at its end. */
  readonly from?: string;
  readonly to: string;
}

/** A copy of a pack in a temporary folder with texts replaced or added. */
export async function changedPack(
  pack: string,
  changes: readonly Change[],
): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-leaky-pack-'));
  await cp(pack, folder, { recursive: true });
  for (const { file, from, to } of changes) {
    const target = path.join(folder, file);
    const text = await readFile(target, 'utf8').catch(() => '');
    const parts = from === undefined ? [text, ''] : text.split(from);
    if (parts.length !== 2)
      throw new Error(`${file} holds ${String(parts.length - 1)} times: ${String(from)}`);
    await writeFile(target, parts.join(to));
  }
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
