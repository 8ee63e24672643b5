export {
  evaluateFold,
  type FoldedHorizon,
  type FoldEvaluation,
  type FoldSummary,
  summarizeFolds,
} from './fold-evaluation.ts';
export { type Fold, type HorizonFold, planFold, type PlannedModel } from './folds.ts';
export { type Calendar, type History, knownMonths, readCalendar } from './history.ts';
export {
  countLists,
  type GrandTotal,
  type ListCounter,
  type ListHistory,
  type ListMonth,
  type ListRule,
  type ListTotal,
  type ScoredMonth,
} from './lists.ts';
