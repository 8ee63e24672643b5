import { HoldfastError } from '../../kernel/index.ts';
import type { CommandModule } from '../command.ts';
import { sentence } from '../models-options.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models compose',
  summary: 'make a new model set by exchanging the model of a horizon',
  description:
    'Makes a new set of the models of a set, by default the champion, with those of some horizons exchanged, and registers it as challenger. It is judged as a whole by models promote, since horizons are answered together.',
  arguments: [{ name: '<models...>', help: 'a model and its version, such as churn_model_90d/4' }],
  options: [{ flags: '--base <set>', help: 'set whose other models are taken', default: 'champion' }],
  examples: [
    { command: 'models compose churn_model_90d/2', explains: 'the champion with another 90-day model' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { compose, setNamed } = await loadWorkflow();
      const base = setNamed(await context.registry.state(), input.text('base') ?? 'champion');
      const { summary, result } = await compose(context, base, modelsNamed(input.arguments));
      return {
        data: { ...result },
        summary: sentence(summary),
        next: result.standing === 'challenger' ? 'holdfast models promote' : 'holdfast models list',
      };
    }),
};

/** Version by model. HF101 for a text that is none, and for a model that is named twice. */
function modelsNamed(texts: readonly string[]): Record<string, number> {
  const versions: Record<string, number> = {};
  for (const [name, version] of texts.map(modelNamed)) {
    if (versions[name] !== undefined)
      throw new HoldfastError('HF101', {
        message: `${name} is named twice`,
        hint: 'name one version a model',
      });
    versions[name] = version;
  }
  return versions;
}

function modelNamed(text: string): [string, number] {
  const [, name, version] = /^([a-z0-9_]+)\/([1-9][0-9]{0,8})$/.exec(text) ?? [];
  if (name === undefined || version === undefined)
    throw new HoldfastError('HF101', {
      message: `"${text}" names no model`,
      hint: 'write name/version, such as churn_model_90d/4',
    });
  return [name, Number(version)];
}
