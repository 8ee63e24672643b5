import path from 'node:path';
import { HoldfastError } from '../../kernel/index.ts';
import { writeExport } from '../../model/index.ts';
import { registeredSet, requireUsable } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import type { StepOutcome } from '../steps.ts';
import { requireSameAnswers } from './probe.ts';

export interface ModelsExport {
  readonly set: number;
  readonly hash: string;
  /** Absolute. */
  readonly folder: string;
  /** The folder of the set below it. */
  readonly setFolder: string;
  /** The model texts beside the manifest, shortest horizon first. */
  readonly models: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
  /** Files of the set. */
  readonly files: number;
  readonly bytes: number;
  /** What no reader needs any more, below the folder. */
  readonly removed: readonly string[];
}

/**
 * Writes a set into a folder from which other machines score. Sizes and hashes of what was written are compared, and
 * every model answers its stored rows from there as it did in training, before readers see it. Errors as of
 * `writeExport` and `registeredSet`.
 */
export async function exportModels(
  context: Context,
  set: number,
  folder: string,
): Promise<StepOutcome<ModelsExport>> {
  const { registry, clock } = context;
  const target = path.resolve(folder);
  if (!path.relative(registry.models, target).startsWith('..'))
    throw new HoldfastError('HF101', {
      message: `${target} is in the models folder itself`,
      hint: 'export into a folder of its own',
      place: { field: '--to' },
    });
  const { manifest, removed } = await writeExport(
    target,
    registry.models,
    await registeredSet(registry, set),
    {
      now: clock.now().getTime(),
      check: async (written) => {
        await requireUsable(written, ({ name }) => path.join(written.folder, name));
        await requireSameAnswers(context, written);
      },
    },
  );
  const files = Object.values(manifest.files);
  const models = manifest.models.map(({ file, bytes, sha256 }) => ({ file, bytes, sha256 }));
  return {
    summary: `set ${String(set)} is exported to ${target}: ${models.map(({ file }) => file).join(', ')}`,
    result: {
      set,
      hash: manifest.set.hash,
      folder: target,
      setFolder: manifest.folder,
      models,
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      removed,
    },
  };
}
