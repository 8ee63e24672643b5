import { hashOf, HoldfastError } from '../../kernel/index.ts';
import { readModel, storeSet, versionsOf } from '../../model/index.ts';
import { registeredSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { mirrorRegistry } from '../mlflow/uploads.ts';
import type { StepOutcome } from '../steps.ts';
import { registerSet, type Standing } from './register-set.ts';

/**
 * Makes a new set of a set's models with those of some horizons exchanged, and registers it as challenger: it is judged
 * as a whole, since horizons are answered together. HF504 where the models do not see the same columns.
 */
export async function compose(
  context: Context,
  base: number,
  exchanged: Readonly<Record<string, number>>,
): Promise<StepOutcome<{ readonly set: number; readonly standing: Standing }>> {
  const { folders, registry } = context;
  const { set, models } = await registeredSet(registry, base);
  for (const name of Object.keys(exchanged))
    if (set.versions[name] === undefined)
      throw new HoldfastError('HF507', {
        message: `set ${String(base)} has no model ${name}`,
        hint: `its models are ${Object.keys(set.versions).join(', ')}`,
      });
  for (const [name, version] of Object.entries(exchanged))
    if (!(await versionsOf(folders.models, name)).includes(version))
      throw new HoldfastError('HF507', {
        message: `there is no version ${String(version)} of ${name}`,
        hint: 'holdfast models list shows the versions of each set',
      });
  const members = await Promise.all(
    models.map(({ name, version }) => readModel(folders.models, name, exchanged[name] ?? version)),
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
  const what = `set ${String(base)} with ${changes.join(', ')}`;
  const standing = await registerSet(context, composed, members, { origin: what });
  await mirrorRegistry(context);
  return {
    summary: `set ${String(composed.id)} is ${what}${STANDINGS[standing]}`,
    result: { set: composed.id, standing },
  };
}

const STANDINGS: Readonly<Record<Standing, string>> = {
  challenger: ', and challenger',
  champion: ': it is the champion already',
  archived: ': it was archived, and stays so',
};
