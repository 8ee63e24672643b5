export { type ComparedModel, compareModels, type ComparisonRequest } from './comparison.ts';
export { type EvaluatedRows, evaluateSplit, shareOfPositives, takePositions } from './evaluate.ts';
export { type Baseline, evaluateHorizon, type HorizonDetail } from './horizon.ts';
export type { PartEvaluation } from './segments.ts';
