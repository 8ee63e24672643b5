import { hashOf, HoldfastError } from '../../kernel/index.ts';
import { readModel, storeSet } from '../../model/index.ts';
import { registeredSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import type { StepOutcome } from '../steps.ts';
import { registerSet } from './register-set.ts';

/**
 * Makes a new set of a set's models with those of some horizons exchanged, and registers it as challenger: it is judged
 * as a whole, since horizons are answered together. HF504 where the models do not see the same columns.
 */
export async function compose(
  context: Context,
  base: number,
  exchanged: Readonly<Record<string, number>>,
): Promise<StepOutcome<{ readonly set: number }>> {
  const { folders, registry } = context;
  const { set, models } = await registeredSet(registry, base);
  for (const name of Object.keys(exchanged))
    if (set.versions[name] === undefined)
      throw new HoldfastError('HF507', {
        message: `set ${String(base)} has no model ${name}`,
        hint: `its models are ${Object.keys(set.versions).join(', ')}`,
      });
  const members = await Promise.all(
    models.map((model) => {
      const version = exchanged[model.name];
      return version === undefined ? Promise.resolve(model) : readModel(folders.models, model.name, version);
    }),
  );
  const encodings = new Set(members.map(({ encoding }) => hashOf(encoding)));
  if (encodings.size > 1)
    throw new HoldfastError('HF504', {
      message:
        'the models do not see the same columns: their categories or cleaning were fitted on different rows',
      hint: 'train all horizons on the same training set: holdfast train',
    });
  const composed = await storeSet(folders.models, members, context.pack.hash);
  const changes = Object.entries(exchanged).map(([name, version]) => `${name}/${String(version)}`);
  await registerSet(context, composed, members, `set ${String(base)} with ${changes.join(', ')}`);
  return {
    summary: `set ${String(composed.id)} is set ${String(base)} with ${changes.join(', ')}, and challenger`,
    result: { set: composed.id },
  };
}
