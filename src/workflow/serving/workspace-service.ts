import { existsSync } from 'node:fs';
import type { Config } from '../../config/index.ts';
import type { Clock, Progress } from '../../kernel/index.ts';
import type { Pack } from '../../pack/index.ts';
import { exportedSet, openRegistry } from '../../registry/index.ts';
import { withSettings } from '../context.ts';
import { foldersOf } from '../folders.ts';
import { modelReader, readFeatures } from './read-models.ts';
import { openScoringService } from './scoring-service.ts';
import type { ScoringService } from './service.ts';
import { scoringPartsOf } from './workspace-parts.ts';

export interface WorkspaceServiceOptions {
  readonly config: Config;
  readonly pack: Pack;
  readonly clock: Clock;
  readonly progress: Progress;
}

/**
 * Opens the scoring service of a workspace, or of the exported set in the folder that `serve.model_dir` names; keys are
 * looked up where the workspace has a lake. The caller disposes it.
 */
export function openWorkspaceService(options: WorkspaceServiceOptions): Promise<ScoringService> {
  const { config, pack, clock, progress } = options;
  const folders = foldersOf(config.workspace);
  const { lake, ...parts } = scoringPartsOf({
    config,
    pack: withSettings(pack, config),
    clock,
    registry: openRegistry(folders.models, clock),
    folders,
    progress,
  });
  const hasLake = lake !== undefined && existsSync(lake);
  const modelFolder = config.serve.model_dir;
  const { readModels = modelReader() } = parts;
  return openScoringService({
    ...parts,
    readModels,
    isLookupLater: true,
    ...(hasLake ? { lake } : {}),
    ...(modelFolder === undefined
      ? {}
      : { loadSet: () => exportedSet(modelFolder, readFeatures(readModels)) }),
  });
}
