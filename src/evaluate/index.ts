export { evaluateSplit, type ScoredRows } from './evaluate.ts';
