export { type ListParts, writeLists, type WrittenList } from './lists.ts';
export { lowestAdmitted } from './lowest-admitted.ts';
export { type RowScores, type RowTier, rowTier } from './row-tier.ts';
export {
  type ScoreOrigin,
  SCORES_TABLE,
  scoresAreCurrent,
  type ScoreTableParts,
  writeScores,
} from './scores.ts';
export { spreadsheetSelect } from './spreadsheet.ts';
export { decide, type Decision, type DecisionInput } from './tiers.ts';
export { remainingValueExpression, remainingValueOf } from './value.ts';
