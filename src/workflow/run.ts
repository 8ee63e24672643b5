/** The whole job, or a part of it, with its record in the run log. */
import { HoldfastError } from '../kernel/index.ts';
import type { RunLog, RunRecord, StepRecord } from '../store/index.ts';
import type { Context } from './context.ts';
import { logReport, logTraining } from './mlflow/uploads.ts';
import { needsTraining, promoteTrained } from './models/promote-trained.ts';
import { reportStep } from './report-step.ts';
import { buildStep, ingestStep, listsStep, scoreStep, type StepOutcome } from './steps.ts';
import { type TrainResult, trainStep } from './train-step.ts';

export const STEPS = ['ingest', 'build', 'train', 'promote', 'score', 'lists', 'report'] as const;
export type StepName = (typeof STEPS)[number];

export interface RunOptions {
  readonly from?: StepName;
  /** Default: lists. */
  readonly to?: StepName;
  /** Trains although there is a model set. */
  readonly retrain?: boolean;
  /** Trains with what tuning found instead of what the pack says. */
  readonly tuned?: boolean;
  /** As the user typed it, for the record. */
  readonly command: string;
}

export interface RunStep extends StepRecord {
  readonly step: StepName;
  readonly result: unknown;
}

/** Absolute paths of the report that a run wrote. */
export interface RunReport {
  readonly page: string;
  readonly document: string;
}

export interface RunResult {
  readonly runId: string;
  readonly steps: readonly RunStep[];
  readonly seconds: number;
}

/**
 * Runs the steps between `from` and `to`; training is left out while there is a model set, unless asked for, and so
 * is the question whether a set is to be promoted where nothing was trained.
 */
export async function runSteps(context: Context, options: RunOptions): Promise<RunResult> {
  const { clock, runs, runId } = context;
  const from = STEPS.indexOf(options.from ?? 'ingest');
  const to = STEPS.indexOf(options.to ?? 'lists');
  if (from > to)
    throw new HoldfastError('HF101', {
      message: `--from ${String(options.from)} comes after --to ${String(options.to)}`,
      hint: `the order is ${STEPS.join(', ')}`,
    });
  const started = clock.now();
  const steps: RunStep[] = [];
  const run = { runId, command: options.command, startedAt: started.toISOString() };
  // A run that is killed cannot say so itself: what has a start and no end was.
  await runs.start(run);
  const record = (
    status: Parameters<RunLog['append']>[0]['status'],
    error?: RunRecord['error'],
  ): Promise<void> =>
    runs.append({
      ...run,
      seconds: (clock.now().getTime() - started.getTime()) / 1000,
      status,
      steps: steps.map(({ step, seconds, summary }) => ({ step, seconds, summary })),
      ...(error === undefined ? {} : { error }),
    });
  try {
    for (const step of STEPS.slice(from, to + 1)) {
      throwIfInterrupted(context);
      const begun = clock.now().getTime();
      const trained = steps.map(({ result }) => result).find(isTrained);
      const outcome = await perform(context, step, options, trained);
      steps.push({ step, ...outcome, seconds: (clock.now().getTime() - begun) / 1000 });
      context.progress.info(outcome.summary);
    }
  } catch (error) {
    const interrupted = context.signal?.aborted === true;
    const code = error instanceof HoldfastError ? error.code : 'HF900';
    const message = error instanceof Error ? error.message : String(error);
    await record(interrupted ? 'interrupted' : 'failed', { code, message });
    throw error;
  }
  await record('done');
  return { runId, steps, seconds: (clock.now().getTime() - started.getTime()) / 1000 };
}

/** What was asked to stop stops before the next step. */
function throwIfInterrupted({ signal }: Context): void {
  if (signal?.aborted !== true) return;
  throw new HoldfastError('HF930', {
    message: 'interrupted',
    hint: 'what was committed stays; run the command again to go on',
  });
}

async function perform(
  context: Context,
  step: StepName,
  options: RunOptions,
  trained: TrainResult | undefined,
): Promise<StepOutcome> {
  switch (step) {
    case 'ingest':
      return ingestStep(context);
    case 'build':
      return buildStep(context);
    case 'train': {
      const { champion, challenger } = await context.registry.state();
      const isAlone = options.from === 'train' && (options.to === 'train' || options.to === 'promote');
      if (options.retrain === true || isAlone || (await needsTraining(context)))
        return trainAndLog(context, options);
      return {
        summary: `model set ${String(champion ?? challenger)} kept; --retrain trains a new one`,
        result: { kept: champion ?? challenger },
      };
    }
    case 'promote':
      return promoteTrained(context, trained, options.from === 'promote');
    case 'score':
      return scoreStep(context);
    case 'lists':
      return listsStep(context);
    case 'report': {
      const { summary, result } = await reportStep(context);
      await logReport(context, result.report.set.id);
      // The report itself lies in its files.
      return { summary, result: { page: result.page, document: result.document } satisfies RunReport };
    }
  }
}

async function trainAndLog(
  context: Context,
  { tuned = false }: RunOptions,
): Promise<StepOutcome<TrainResult>> {
  const startedAt = context.clock.now();
  const outcome = await trainStep(context, { tuned });
  await logTraining(context, outcome.result.set.id, startedAt);
  return outcome;
}

const isTrained = (result: unknown): result is TrainResult =>
  typeof result === 'object' && result !== null && 'set' in result && 'models' in result;
