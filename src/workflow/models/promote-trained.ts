/** What the main job does about promotion, month after month. */
import { TRAINING_TABLE } from '../../prepare/index.ts';
import { registeredSet, type RegistryState } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import type { StepOutcome } from '../steps.ts';
import type { TrainResult } from '../train-step.ts';
import { isFresh, readEvidence } from './evidence.ts';
import { judgeChampionStep, type PromoteResult, promoteStep } from './promote-step.ts';
import { verdictText } from './verdict-text.ts';

/**
 * Whether there is no set to go on with: none at all, or none in use and one that did not pass on an older training
 * set. What was proposed waits for its approval.
 */
export async function needsTraining({ registry, lake }: Context): Promise<boolean> {
  const { champion, challenger, proposal } = await registry.state();
  if (champion !== null || proposal !== null) return false;
  if (challenger === null) return true;
  const [model] = (await registeredSet(registry, challenger)).models;
  const { id, version } = await lake.snapshot(TRAINING_TABLE);
  return model?.provenance.trainingSetId !== id || model.lineage.tables[TRAINING_TABLE] !== version;
}

/**
 * Asks the gates about a set that was just trained, or that is not in use for want of a champion. Otherwise the
 * champion alone is held against the thresholds of today, once a training set.
 */
export async function promoteTrained(
  context: Context,
  trained: TrainResult | undefined,
  isAsked: boolean,
): Promise<StepOutcome<PromoteResult>> {
  const { registry, runId } = context;
  const state = await registry.state();
  const { champion, challenger, proposal } = state;
  const isNew = trained?.standing === 'challenger' || (trained === undefined && isAsked);
  const waits = trained === undefined && proposal !== null;
  if (challenger !== null && !waits && (isNew || champion === null))
    return tellFailed(context, await promoteStep(context, { set: challenger, run: runId }));
  const championVerdicts = (await isJudged(context, state)) ? [] : await judgeChampionStep(context, runId);
  return {
    summary: unchanged(state, trained),
    result: { outcome: 'nothing new', set: null, champion, verdicts: [], championVerdicts, evidence: null },
  };
}

function unchanged({ champion, proposal }: RegistryState, trained: TrainResult | undefined): string {
  if (trained === undefined && proposal !== null)
    return `set ${String(proposal.set)}, proposed by ${proposal.by}, waits for approval`;
  const known = champion === null ? 'there is no model set' : `model set ${String(champion)} stays champion`;
  if (trained?.standing === 'champion') return `${known}: training gave the same models again`;
  if (trained?.standing === 'archived')
    return `${known}: training gave set ${String(trained.set.id)} again, which was archived`;
  return known;
}

/** Whether the champion was measured on the rows of today when it, or what was to take its place, was judged. */
async function isJudged(context: Context, { champion }: RegistryState): Promise<boolean> {
  if (champion === null) return true;
  const last = (await context.registry.events()).findLast((event) => 'evidence' in event);
  if (last === undefined || !('evidence' in last)) return false;
  const evidence = await readEvidence(context.registry, last.evidence).catch(() => undefined);
  if (evidence === undefined || !(await isFresh(context, evidence))) return false;
  return evidence.set === champion || evidence.champion === champion;
}

/** What follows hides the table of the gates: those that were not passed are said as it happens. */
function tellFailed({ progress }: Context, outcome: StepOutcome<PromoteResult>): StepOutcome<PromoteResult> {
  const failed = outcome.result.verdicts.filter(({ passed }) => !passed);
  for (const verdict of failed) progress.info(`gate not passed: ${verdictText(verdict)}`);
  return outcome;
}
