/** What a promotion rests on: a set and the champion, measured on the same test rows, and what the gates say of it. */
import { hashOf, HoldfastError } from '../../kernel/index.ts';
import type { Snapshot } from '../../lake/index.ts';
import type { LoadedSet } from '../../model/index.ts';
import { TRAINING_TABLE } from '../../prepare/index.ts';
import {
  type EvidenceReference,
  type GateEvidence,
  type GateVerdict,
  judge,
  judgeChampion,
  type Registry,
} from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { measure, type Rival } from './measure.ts';

/** The rows and rules that a measurement holds for. */
interface Basis {
  /** Of the training set; another table has another id. */
  readonly tableId: string;
  readonly tableVersion: number;
  /** Hash of gates and promotion settings of the pack. */
  readonly gatesHash: string;
}

export interface Evidence {
  readonly schema: 'holdfast.evidence/1';
  readonly set: number;
  readonly setHash: string;
  readonly champion: number | null;
  readonly measuredAt: string;
  readonly basis: Basis;
  readonly measured: GateEvidence;
  readonly verdicts: readonly GateVerdict[];
  /** The champion by the thresholds that hold today; empty without one. */
  readonly championVerdicts: readonly GateVerdict[];
}

/**
 * Measures a set, and the champion where there is one, on the test rows of the present training set. Rows that one of
 * them was trained on count for neither.
 *
 * @throws HF504 where the set does not fit the pack.
 */
export async function gatherEvidence(
  context: Context,
  candidate: LoadedSet,
  champion: Rival | undefined,
): Promise<Evidence> {
  const { pack, clock, lake } = context;
  const { gates, promotion } = pack.file;
  // One version for all that is read, and for what the evidence says it was.
  const present = (await lake.attach([TRAINING_TABLE]))[TRAINING_TABLE];
  const measured = await measure(context, candidate, champion, present);
  return {
    schema: 'holdfast.evidence/1',
    set: candidate.set.id,
    setHash: candidate.set.hash,
    champion: champion === undefined ? null : 'id' in champion ? champion.id : champion.set.id,
    measuredAt: clock.now().toISOString(),
    basis: basisOf(context, present),
    measured,
    verdicts: judge(measured, { gates, promotion }),
    championVerdicts: judgeChampion(measured, { gates, promotion }),
  };
}

function basisOf({ pack }: Context, present: Snapshot | undefined): Basis {
  const { gates, promotion, evaluation } = pack.file;
  return {
    tableId: present?.id ?? '',
    tableVersion: present?.version ?? -1,
    gatesHash: hashOf({ gates, promotion, evaluation }),
  };
}

/** Whether test rows and gates are still those that the evidence was measured on. */
export async function isFresh(context: Context, { basis }: Pick<Evidence, 'basis'>): Promise<boolean> {
  return hashOf(await presentBasis(context)) === hashOf(basis);
}

const presentBasis = async (context: Context): Promise<Basis> =>
  basisOf(context, await context.lake.snapshot(TRAINING_TABLE));

/** Throws HF508 where test rows or gates are no longer those that the evidence was measured on. */
export async function refuseStale(context: Context, { basis }: Evidence): Promise<void> {
  const now = await presentBasis(context);
  if (hashOf(now) === hashOf(basis)) return;
  throw new HoldfastError('HF508', {
    message:
      now.gatesHash === basis.gatesHash
        ? 'the evidence is stale: the training set, and with it the test rows, changed since it was measured'
        : 'the evidence is stale: gates, promotion or evaluation of the pack changed since it was measured',
    hint: 'measure the set again: holdfast models promote',
  });
}

/** Evidence as it was stored. HF503 where it is missing, changed, or of another version. */
export async function readEvidence(registry: Registry, reference: EvidenceReference): Promise<Evidence> {
  const evidence = (await registry.readEvidence(reference)) as Partial<Evidence> | null;
  if (evidence?.schema === 'holdfast.evidence/1') return evidence as Evidence;
  throw new HoldfastError('HF503', {
    message: 'the evidence of a promotion is not in the form of this version',
    hint: 'measure the set again: holdfast models promote',
    place: { file: reference.file },
  });
}
