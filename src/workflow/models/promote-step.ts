/** Whether a model set takes the place of the champion, and what is written of it. */
import { HoldfastError } from '../../kernel/index.ts';
import {
  type Change,
  championSet,
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
import { gatherEvidence, refuseStale } from './evidence.ts';
import type { Rival } from './measure.ts';
import { nameOf, verdictText } from './verdict-text.ts';

export interface PromoteOptions {
  /** Default: the challenger. */
  readonly set: number;
  readonly why?: string;
  readonly by?: string;
  /** Promotes although gates failed; needs `why`. */
  readonly overrule?: boolean;
  /** Run that it is a part of. */
  readonly run?: string;
}

export interface PromoteResult {
  /** `not used`: it did not pass, and there is no champion either. */
  readonly outcome: 'promoted' | 'proposed' | 'champion kept' | 'not used' | 'nothing new';
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
 * @throws HF101 for an overruling without a reason, HF509 for a set that was archived, HF508 where the champion or the
 *   test rows changed meanwhile.
 */
export async function promoteStep(
  context: Context,
  { set, why, by = context.user, overrule = false, run }: PromoteOptions,
): Promise<StepOutcome<PromoteResult>> {
  const { registry, pack } = context;
  if (overrule && why === undefined)
    throw new HoldfastError('HF101', {
      message: 'gates are overruled without a reason',
      hint: 'add --why "..."; it stays in the history',
      place: { field: '--why' },
    });
  const state = await registry.state();
  const { stage } = requireSet(state, set);
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
  if (stage === 'archived' && !overrule)
    throw new HoldfastError('HF509', {
      message: `set ${String(set)} was archived`,
      hint: 'holdfast models history says why; roll back to it where it was champion, or add --overrule --why "..."',
    });
  const candidate = await registeredSet(registry, set);
  const evidence = await gatherEvidence(context, candidate, await championOrFault(context, state.champion));
  const reference = await registry.storeEvidence(evidence);
  const { verdicts } = evidence;
  warnOfChampion(context, evidence.champion, evidence.championVerdicts);
  const isFit = passedStaging(verdicts);
  const change = changeFor({
    set,
    evidence: reference,
    isFit,
    hasPassed: isFit && passedProduction(verdicts),
    overruled: overrule ? verdicts.filter(({ passed }) => !passed).map(nameOf) : undefined,
    needsApproval: pack.file.promotion.approval === 'required',
  });
  await refuseStale(context, evidence);
  const author = { by, ...(why === undefined ? {} : { why }), ...(run === undefined ? {} : { run }) };
  const event = await registry.change(author, (now) => {
    requireSet(now, set);
    requireSameChampion(now, state.champion);
    return change;
  });
  await mirrorRegistry(context);
  return {
    summary: `${summaryOf(change, state.champion, verdicts)}${replacedText(change, state)}`,
    result: {
      outcome:
        change.kind === 'champion_kept' && state.champion === null ? 'not used' : OUTCOMES[change.kind],
      set,
      champion: event?.after.champion ?? null,
      verdicts,
      championVerdicts: evidence.championVerdicts,
      evidence: reference,
    },
  };
}

/** Measures the champion alone by the thresholds of today, warns of those it fails, and writes down that it was asked. */
export async function judgeChampionStep(context: Context, run: string): Promise<readonly GateVerdict[]> {
  const { registry, pack, user } = context;
  const set = await championSet(registry);
  if (set === undefined || pack.file.gates.length === 0) return [];
  const evidence = await gatherEvidence(context, set, undefined);
  const { verdicts } = evidence;
  warnOfChampion(context, set.set.id, verdicts);
  const reference = await registry.storeEvidence(evidence);
  await registry.change({ by: user, run }, ({ champion }) =>
    champion === set.set.id
      ? { kind: 'champion_kept', set: champion, isFit: passedStaging(verdicts), evidence: reference }
      : undefined,
  );
  return verdicts.filter(({ stage }) => stage === 'staging');
}

/** Files of the champion that are damaged must not keep another set from taking its place. */
async function championOrFault({ registry }: Context, champion: number | null): Promise<Rival | undefined> {
  if (champion === null) return undefined;
  return registeredSet(registry, champion).catch((error: unknown) => {
    if (!(error instanceof HoldfastError) || error.code !== 'HF503') throw error;
    return { id: champion, unusable: `the champion is damaged: ${error.message}` };
  });
}

type PromotionChange = Extract<Change, { kind: 'promoted' | 'proposed' | 'champion_kept' }>;

const OUTCOMES = {
  promoted: 'promoted',
  proposed: 'proposed',
  champion_kept: 'champion kept',
} as const satisfies Record<PromotionChange['kind'], PromoteResult['outcome']>;

function changeFor({
  set,
  evidence,
  isFit,
  hasPassed,
  overruled,
  needsApproval,
}: {
  readonly set: number;
  readonly evidence: EvidenceReference;
  readonly isFit: boolean;
  readonly hasPassed: boolean;
  /** Gates that somebody overrules; undefined where nobody does. */
  readonly overruled: readonly string[] | undefined;
  readonly needsApproval: boolean;
}): PromotionChange {
  if (!hasPassed && overruled === undefined) return { kind: 'champion_kept', set, isFit, evidence };
  const how = overruled === undefined || overruled.length === 0 ? {} : { overruled };
  // Whoever overrules a gate has not yet found a second person.
  return { kind: needsApproval ? 'proposed' : 'promoted', set, evidence, ...how };
}

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

/** Whoever was told of another proposal must hear that it is gone. */
const replacedText = ({ kind, set }: PromotionChange, { proposal }: RegistryState): string =>
  kind === 'champion_kept' || proposal === null || proposal.set === set
    ? ''
    : `; the proposal of set ${String(proposal.set)} by ${proposal.by} is gone`;

/** That the set in use would not be promoted today is for people to know, and no reason to take it out of use. */
function warnOfChampion(
  { progress }: Context,
  champion: number | null,
  verdicts: readonly GateVerdict[],
): void {
  for (const verdict of verdicts.filter(({ passed }) => !passed))
    progress.warn(`the champion, set ${String(champion)}, fails a gate today: ${verdictText(verdict)}`);
}
