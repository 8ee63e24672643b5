/**
 * The workflow. Each step is loaded when it is called first, so that a command takes no longer to start than its own work
 * asks for: what stands here must need little to load.
 */
import { atFirstUse } from './at-first-use.ts';

export type { AuditResult } from './audit-step.ts';
export type { Backtest, BacktestOptions, BacktestResult } from './backtest-step.ts';
export type { Context, ContextEffects, ContextOptions } from './context.ts';
export type { WorkspaceFolders } from './folders.ts';
export type { EvaluateOptions, EvaluateResult, HorizonEvaluation, SetEvaluation } from './evaluate-step.ts';
export type {
  EntityExplanation,
  ExplainedHorizon,
  ExplainOptions,
  FeatureContribution,
  HorizonChance,
} from './explain-entity.ts';
export type { ExplainedModel, ExplainedModelSet, ExplainModelsOptions } from './explain-models.ts';
export type { ExportedScores } from './export-scores.ts';
export type { RunOptions, RunReport, RunResult, RunStep, StepName } from './run.ts';
export type { BuildResult, ScoreResult, StepOutcome } from './steps.ts';
export type { TrainedModelSummary, TrainResult } from './train-step.ts';
export type { PlannedStep, TableListing } from './inspect.ts';
export type { ReportResult } from './report-step.ts';
export type { InitOptions, InitResult } from './init-step.ts';
export type { ProfileOptions, ProfileResult } from './profile-step.ts';
export type { RetrievedFeatures } from './retrieve.ts';
export type { TuneOptions, TuneResult, TunedHorizon } from './tune-step.ts';
export type { ApproveOptions } from './models/approve.ts';
export type { ModelsExport } from './models/export.ts';
export type { Garbage } from './models/collect-garbage.ts';
export type { SetComparison } from './models/compare.ts';
export type { PromoteOptions, PromoteResult } from './models/promote-step.ts';
export type { PullOptions, PullResult } from './models/pull.ts';
export type { PushResult } from './models/push.ts';
export type { RollbackResult } from './models/rollback.ts';
export type { Verified } from './models/verify.ts';
export type {
  ChallengerOutcome,
  ChallengerState,
  ContributionAnswer,
  HorizonAnswer,
  RawContract,
  RawFields,
  RawReader,
  ReasonAnswer,
  ReloadOutcome,
  RequestFeature,
  RequestValue,
  ScoringAnswer,
  ScoringOptions,
  ScoringRequest,
  ScoringService,
  ServedSet,
} from './serving/service.ts';
export type { ScoringParts } from './serving/load.ts';
export type { Actor, CustomersExport, Desk } from './desk/desk.ts';
export type { OpenDeskOptions } from './desk/open-desk.ts';
export type { WorkOptions } from './desk/open-work.ts';
export type { WorkspaceServiceOptions } from './serving/workspace-service.ts';
export type { ChallengeParts } from './serving/challenger.ts';
export type { OutcomeTaker, ReportedOutcome } from './serving/outcome-taker.ts';
export type { AnswerCacheFigures } from './serving/answer-cache.ts';

export { METHODS as TUNE_METHODS, SPACES as TUNE_SPACES } from '../tune/index.ts';
export { foldersOf } from './folders.ts';
export { setNamed } from './models/set-name.ts';
export { scoringPartsOf } from './serving/workspace-parts.ts';

export const auditStep = atFirstUse(async () => (await import('./audit-step.ts')).auditStep);
export const backtestStep = atFirstUse(async () => (await import('./backtest-step.ts')).backtestStep);
export const openContext = atFirstUse(async () => (await import('./context.ts')).openContext);
export const evaluateStep = atFirstUse(async () => (await import('./evaluate-step.ts')).evaluateStep);
export const explainEntity = atFirstUse(async () => (await import('./explain-entity.ts')).explainEntity);
export const explainModelSet = atFirstUse(async () => (await import('./explain-models.ts')).explainModelSet);
export const exportScores = atFirstUse(async () => (await import('./export-scores.ts')).exportScores);
export const runSteps = atFirstUse(async () => (await import('./run.ts')).runSteps);
export const listTables = atFirstUse(async () => (await import('./inspect.ts')).listTables);
export const planRun = atFirstUse(async () => (await import('./inspect.ts')).planRun);
export const queryLake = atFirstUse(async () => (await import('./inspect.ts')).queryLake);
export const tableHistory = atFirstUse(async () => (await import('./inspect.ts')).tableHistory);
export const reportStep = atFirstUse(async () => (await import('./report-step.ts')).reportStep);
export const initStep = atFirstUse(async () => (await import('./init-step.ts')).initStep);
export const profileStep = atFirstUse(async () => (await import('./profile-step.ts')).profileStep);
export const retrieveFeatures = atFirstUse(async () => (await import('./retrieve.ts')).retrieveFeatures);
export const tuneStep = atFirstUse(async () => (await import('./tune-step.ts')).tuneStep);
export const approve = atFirstUse(async () => (await import('./models/approve.ts')).approve);
export const archive = atFirstUse(async () => (await import('./models/archive.ts')).archive);
export const exportModels = atFirstUse(async () => (await import('./models/export.ts')).exportModels);
export const collectGarbage = atFirstUse(
  async () => (await import('./models/collect-garbage.ts')).collectGarbage,
);
export const compareSets = atFirstUse(async () => (await import('./models/compare.ts')).compareSets);
export const compose = atFirstUse(async () => (await import('./models/compose.ts')).compose);
export const promoteStep = atFirstUse(async () => (await import('./models/promote-step.ts')).promoteStep);
export const pullModels = atFirstUse(async () => (await import('./models/pull.ts')).pullModels);
export const pushModels = atFirstUse(async () => (await import('./models/push.ts')).pushModels);
export const rollback = atFirstUse(async () => (await import('./models/rollback.ts')).rollback);
export const verifyModels = atFirstUse(async () => (await import('./models/verify.ts')).verifyModels);
export const openScoringService = atFirstUse(
  async () => (await import('./serving/scoring-service.ts')).openScoringService,
);
export const openWorkspaceService = atFirstUse(
  async () => (await import('./serving/workspace-service.ts')).openWorkspaceService,
);
export const earlyModelReader = atFirstUse(
  async () => (await import('./serving/read-models.ts')).earlyModelReader,
);
export const openRecorder = atFirstUse(
  async () => (await import('./serving/prediction-recorder.ts')).openRecorder,
);
export const openChallenge = atFirstUse(async () => (await import('./serving/challenger.ts')).openChallenge);
export const openOutcomeTaker = atFirstUse(
  async () => (await import('./serving/outcome-taker.ts')).openOutcomeTaker,
);
export const pushPredictions = atFirstUse(
  async () => (await import('./serving/push-predictions.ts')).pushPredictions,
);
export const openServingStores = atFirstUse(
  async () => (await import('./serving/serving-stores.ts')).openServingStores,
);
export const openDesk = atFirstUse(async () => (await import('./desk/open-desk.ts')).openDesk);
export const openWork = atFirstUse(async () => (await import('./desk/open-work.ts')).openWork);
