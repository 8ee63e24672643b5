import { existsSync } from 'node:fs';
import type { Config, ServeConfig } from '../../config/index.ts';
import { type Clock, HoldfastError, type Progress } from '../../kernel/index.ts';
import type { Pack } from '../../pack/index.ts';
import { openRegistry, requireSet } from '../../registry/index.ts';
import { openIdentityHash } from '../../store/index.ts';
import { withSettings } from '../context.ts';
import { foldersOf } from '../folders.ts';
import type { AnswerCache } from './answer-cache.ts';
import { type ChallengeTerms, openChallenge } from './challenger.ts';
import type { ScoringParts } from './load.ts';
import { modelReader, type ReadModels } from './read-models.ts';
import { openScoringService, unloadedService } from './scoring-service.ts';
import type { ScoringService } from './service.ts';
import { exportReader, scoringPartsOf, setReader } from './workspace-parts.ts';

export interface WorkspaceServiceOptions {
  readonly config: Config;
  readonly pack: Pack;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly answers?: AnswerCache | undefined;
  /** Reads model texts, by default from when there are some. */
  readonly readModels?: ReadModels;
  /** When the features of keys may begin to be read: before, they would only be in the way of the start. */
  readonly lookupAfter?: Promise<unknown>;
}

/**
 * Opens the scoring service of a workspace, or of the exported set in the folder that `serve.model_dir` names; keys are
 * looked up where the workspace has a lake. With `serve.shadow` or `serve.split` a challenger stands beside the champion.
 * The caller disposes it. HF103 where a challenger is wanted beside an exported set.
 */
export async function openWorkspaceService(options: WorkspaceServiceOptions): Promise<ScoringService> {
  const { config, pack, clock, progress, answers, readModels = modelReader() } = options;
  const { model_dir: modelFolder } = config.serve;
  const terms = challengeTerms(config.serve);
  if (terms !== undefined && modelFolder !== undefined) throw noChallenger(terms);
  const folders = foldersOf(config.workspace);
  const registry = openRegistry(folders.models, clock);
  const { lake, ...parts } = scoringPartsOf({
    config,
    pack: withSettings(pack, config),
    clock,
    registry,
    folders,
    progress,
    readModels,
  });
  const hasLake = lake !== undefined && existsSync(lake);
  const own: ScoringParts = {
    ...parts,
    isLookupLater: true,
    lookupAfter: options.lookupAfter,
    cache: answers,
    ...(hasLake ? { lake } : {}),
    ...(modelFolder === undefined ? {} : { loadSet: exportReader(modelFolder, readModels) }),
  };
  if (terms === undefined) return openScoringService(own);
  const wanted = async (): Promise<number | null> => {
    const state = await registry.state();
    return terms.named === 'challenger' ? state.challenger : requireSet(state, Number(terms.named)).id;
  };
  const hash = await openIdentityHash(config.state);
  const loadSet = setReader(registry, readModels, wanted);
  // It begins to answer when it can answer all: until then the champion does.
  const challenger = unloadedService({ ...own, loadSet, isLookupLater: false });
  const champion = await openScoringService(own);
  return openChallenge({ champion, challenger, terms, wanted, hash });
}

function challengeTerms({ shadow, split }: ServeConfig): ChallengeTerms | undefined {
  if (shadow === undefined && split === 0) return undefined;
  return { named: shadow ?? 'challenger', isShadow: shadow !== undefined, splitPercent: split };
}

const noChallenger = ({ isShadow }: ChallengeTerms): HoldfastError =>
  new HoldfastError('HF103', {
    message: 'an exported model set stands alone: there is no challenger beside it',
    hint: 'serve the workspace, without serve.model_dir and MODEL_DIR, or without serve.shadow and serve.split',
    place: { field: isShadow ? 'serve.shadow' : 'serve.split' },
  });
