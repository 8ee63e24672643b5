export { type AuditResult, auditStep } from './audit-step.ts';
export { type Backtest, type BacktestOptions, type BacktestResult, backtestStep } from './backtest-step.ts';
export {
  type Context,
  type ContextEffects,
  type ContextOptions,
  foldersOf,
  openContext,
  type WorkspaceFolders,
} from './context.ts';
export {
  type EvaluateOptions,
  type EvaluateResult,
  evaluateStep,
  type HorizonEvaluation,
  type SetEvaluation,
} from './evaluate-step.ts';
export {
  type EntityExplanation,
  explainEntity,
  type ExplainedHorizon,
  type ExplainOptions,
  type FeatureContribution,
  type HorizonChance,
} from './explain-entity.ts';
export {
  type ExplainedModel,
  type ExplainedModelSet,
  explainModelSet,
  type ExplainModelsOptions,
} from './explain-models.ts';
export { type ExportedScores, exportScores } from './export-scores.ts';
export {
  type RunOptions,
  type RunReport,
  type RunResult,
  runSteps,
  type RunStep,
  type StepName,
  STEPS,
} from './run.ts';
export type { BuildResult, ScoreResult, StepOutcome } from './steps.ts';
export type { TrainedModelSummary, TrainResult } from './train-step.ts';
export {
  listTables,
  type PlannedStep,
  planRun,
  queryLake,
  tableHistory,
  type TableListing,
} from './inspect.ts';
export { type ReportResult, reportStep } from './report-step.ts';
export { type InitOptions, type InitResult, initStep } from './init-step.ts';
export { type ProfileOptions, type ProfileResult, profileStep } from './profile-step.ts';
export { type RetrievedFeatures, retrieveFeatures } from './retrieve.ts';
export { type TuneOptions, type TuneResult, tuneStep, type TunedHorizon } from './tune-step.ts';
export { TUNE_METHODS, TUNE_SPACES } from './tune-step.ts';
export { approve, type ApproveOptions } from './models/approve.ts';
export { archive } from './models/archive.ts';
export { exportModels, type ModelsExport } from './models/export.ts';
export { collectGarbage, type Garbage } from './models/collect-garbage.ts';
export { compareSets, type SetComparison } from './models/compare.ts';
export { compose } from './models/compose.ts';
export { type PromoteOptions, type PromoteResult, promoteStep } from './models/promote-step.ts';
export { pullModels, type PullOptions, type PullResult } from './models/pull.ts';
export { pushModels, type PushResult } from './models/push.ts';
export { rollback, type RollbackResult } from './models/rollback.ts';
export { setNamed } from './models/set-name.ts';
export { type Verified, verifyModels } from './models/verify.ts';
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
export { type ScoringParts } from './serving/load.ts';
export { openScoringService } from './serving/scoring-service.ts';
export { type ChallengeParts, openChallenge } from './serving/challenger.ts';
export { scoringPartsOf } from './serving/workspace-parts.ts';
export { openWorkspaceService, type WorkspaceServiceOptions } from './serving/workspace-service.ts';
export { openOutcomeTaker, type OutcomeTaker, type ReportedOutcome } from './serving/outcome-taker.ts';
export type { AnswerCacheFigures } from './serving/answer-cache.ts';
export { openAnswerCache } from './serving/answer-cache.ts';
export { pushPredictions } from './serving/push-predictions.ts';
export { openServingStores } from './serving/serving-stores.ts';
export { openRecorder } from './serving/prediction-recorder.ts';
