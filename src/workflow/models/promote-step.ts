/** Whether a model set takes the place of the champion, and what is written of it. */
import { HoldfastError } from '../../kernel/index.ts';
import {
  type Change,
  type EvidenceReference,
  type GateVerdict,
  passedProduction,
  passedStaging,
  registeredSet,
  type RegistryState,
  requireSet,
} from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { mirrorRegistry } from '../mlflow/uploads.ts';
import type { StepOutcome } from '../steps.ts';
import { type Evidence, gatherEvidence, refuseStale } from './evidence.ts';
import { nameOf, verdictText } from './verdict-text.ts';

export interface PromoteOptions {
  /** Default: the challenger. */
  readonly set: number;
  readonly why?: string;
  readonly by?: string;
  /** Promotes although gates failed; needs `why`. */
  readonly overrule?: boolean;
}

export interface PromoteResult {
  readonly outcome: 'promoted' | 'proposed' | 'champion kept' | 'nothing new';
  /** The set that was judged. */
  readonly set: number | null;
  /** The champion after it. */
  readonly champion: number | null;
  readonly verdicts: readonly GateVerdict[];
  /** The champion by the thresholds that hold today; empty without one. */
  readonly championVerdicts: readonly GateVerdict[];
  readonly evidence: EvidenceReference | null;
}

/**
 * Judges a set by the gates of the pack, against the champion on the same test rows. What passes is promoted, or
 * proposed where the pack asks for an approval; what does not is a normal end: the champion is kept.
 *
 * @throws HF101 for an overruling without a reason, HF508 where the champion or the test rows changed meanwhile.
 */
export async function promoteStep(
  context: Context,
  { set, why, by = context.user, overrule = false }: PromoteOptions,
): Promise<StepOutcome<PromoteResult>> {
  const { registry, pack, runId, progress } = context;
  if (overrule && why === undefined)
    throw new HoldfastError('HF101', {
      message: 'gates are overruled without a reason',
      hint: 'add --why "..."; it stays in the history',
      place: { field: '--why' },
    });
  const state = await registry.state();
  requireSet(state, set);
  if (state.champion === set)
    return {
      summary: `set ${String(set)} is the champion already`,
      result: {
        outcome: 'nothing new',
        set,
        champion: set,
        verdicts: [],
        championVerdicts: [],
        evidence: null,
      },
    };
  const candidate = await registeredSet(registry, set);
  const champion = state.champion === null ? undefined : await registeredSet(registry, state.champion);
  const evidence = await gatherEvidence(context, candidate, champion);
  const reference = await registry.storeEvidence(evidence);
  const { verdicts } = evidence;
  warnOfChampion(context, evidence);
  const isFit = passedStaging(verdicts);
  const hasPassed = isFit && passedProduction(verdicts);
  const overruled = overrule ? verdicts.filter(({ passed }) => !passed).map(nameOf) : [];
  const change: PromotionChange =
    !hasPassed && !overrule
      ? { kind: 'champion_kept', set, isFit, evidence: reference }
      : pack.file.promotion.approval === 'required' && !overrule
        ? { kind: 'proposed', set, evidence: reference }
        : {
            kind: 'promoted',
            set,
            evidence: reference,
            ...(overruled.length === 0 ? {} : { overruled }),
          };
  await refuseStale(context, evidence);
  const event = await registry.change({ by, run: runId, ...(why === undefined ? {} : { why }) }, (now) => {
    requireSet(now, set);
    requireSameChampion(now, state.champion);
    return change;
  });
  await mirrorRegistry(context);
  for (const verdict of verdicts.filter(({ passed }) => !passed))
    progress.info(`gate not passed: ${verdictText(verdict)}`);
  return {
    summary: summaryOf(change, state.champion, verdicts),
    result: {
      outcome: OUTCOMES[change.kind],
      set,
      champion: event?.after.champion ?? null,
      verdicts,
      championVerdicts: evidence.championVerdicts,
      evidence: reference,
    },
  };
}

type PromotionChange = Extract<Change, { kind: 'promoted' | 'proposed' | 'champion_kept' }>;

const OUTCOMES = {
  promoted: 'promoted',
  proposed: 'proposed',
  champion_kept: 'champion kept',
} as const satisfies Record<PromotionChange['kind'], PromoteResult['outcome']>;

/** Throws HF508 where another set has become champion since the evidence was measured against `expected`. */
export function requireSameChampion(
  { champion }: Pick<RegistryState, 'champion'>,
  expected: number | null,
): void {
  if (champion === expected) return;
  const nameOf = (set: number | null): string => (set === null ? 'none' : `set ${String(set)}`);
  throw new HoldfastError('HF508', {
    message: `another promotion was faster: the champion is ${nameOf(champion)} now, not ${nameOf(expected)} that the set was measured against`,
    hint: 'measure it against the new champion: holdfast models promote',
  });
}

function summaryOf(
  { kind, set }: PromotionChange,
  champion: number | null,
  verdicts: readonly GateVerdict[],
): string {
  const failed = verdicts.filter(({ passed }) => !passed).length;
  const gates = `${String(verdicts.length - failed)} of ${String(verdicts.length)} gates passed`;
  if (kind === 'promoted')
    return `set ${String(set)} is champion${champion === null ? '' : `, instead of set ${String(champion)}`}: ${gates}`;
  if (kind === 'proposed') return `set ${String(set)} waits for the approval of somebody else: ${gates}`;
  return champion === null
    ? `set ${String(set)} is not used: ${gates}`
    : `champion kept: set ${String(champion)}; set ${String(set)}: ${gates}`;
}

/** That the set in use would not be promoted today is for people to know, and no reason to take it out of use. */
function warnOfChampion({ progress }: Context, { champion, championVerdicts }: Evidence): void {
  for (const verdict of championVerdicts.filter(({ passed }) => !passed))
    progress.warn(`the champion, set ${String(champion)}, fails a gate today: ${verdictText(verdict)}`);
}
