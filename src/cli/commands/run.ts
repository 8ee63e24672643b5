import type { RunOptions, StepName } from '../../workflow/index.ts';
import type { CommandModule, Input } from '../command.ts';
import { runStepCommand } from '../step-command.ts';

/** The steps in their order; the compiler sees to it that none is missing. */
const STEPS = Object.keys({
  ingest: true,
  build: true,
  train: true,
  promote: true,
  score: true,
  lists: true,
  report: true,
} satisfies Record<StepName, true>) as StepName[];

export const command: CommandModule = {
  name: 'run',
  summary: 'do the whole job: from the files in landing/ to the action lists and the report',
  description: `Runs the steps ${STEPS.join(', ')}. A model set is trained only when there is none yet, or with --retrain; the gates of the pack decide whether a new one takes over, and the champion scores.`,
  options: [
    { flags: '--from <step>', help: 'first step', choices: STEPS },
    { flags: '--to <step>', help: 'last step', choices: STEPS },
    { flags: '--retrain', help: 'train a new model set although there is one' },
    { flags: '--tuned', help: 'when it trains, take what holdfast tune found' },
  ],
  examples: [
    { command: 'run', explains: 'the monthly job' },
    { command: 'run --to lists', explains: 'the same without the report' },
    { command: 'run --from build --to promote --retrain', explains: 'a new model set, without scoring' },
  ],
  run: async (session, input) => ({
    ...(await runStepCommand(session, optionsOf(input))),
    next: 'holdfast tables',
  }),
};

function optionsOf(input: Input): RunOptions {
  const from = stepNamed(input.text('from'));
  const to = stepNamed(input.text('to')) ?? 'report';
  return {
    command: 'run',
    retrain: input.flag('retrain'),
    tuned: input.flag('tuned'),
    ...(from === undefined ? {} : { from }),
    to,
  };
}

function stepNamed(text: string | undefined): StepName | undefined {
  return STEPS.find((step) => step === text);
}
