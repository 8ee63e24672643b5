export { evaluateSplit } from './evaluate.ts';
