import { runStepCommand } from '../step-command.ts';
import type { CommandModule, CommandResult } from '../command.ts';

export const command: CommandModule = {
  name: 'train',
  summary: 'train one model a horizon, and promote the set where it passes the gates',
  description:
    'Trains the models of all horizons on the training set, evaluates and registers them, and asks the gates of the pack whether the new set takes the place of the champion. That it does not is a normal end.',
  options: [
    { flags: '--no-promote', help: 'only register the set: holdfast models promote asks the gates later' },
    { flags: '--tuned', help: 'take what holdfast tune found instead of the candidates of the pack' },
  ],
  examples: [
    { command: 'train --set learner.seed=7', explains: 'train with another seed' },
    { command: 'train --tuned', explains: 'train with the best parameters of the last search' },
  ],
  run: async (session, input) => {
    const result = await runStepCommand(session, {
      from: 'train',
      to: input.flag('promote') ? 'promote' : 'train',
      command: 'train',
      tuned: input.flag('tuned'),
    });
    return { ...result, next: nextOf(result) };
  },
};

/** By what became of the set. */
function nextOf({ data }: CommandResult): string {
  const { step, result } = (data['steps'] as { step: string; result: { outcome?: string } }[]).at(-1) ?? {};
  if (step === 'train') return 'holdfast models promote';
  if (result?.outcome === 'promoted') return 'holdfast run --from score';
  return result?.outcome === 'proposed' ? 'holdfast models approve' : 'holdfast models list';
}
