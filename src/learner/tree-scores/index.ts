export { openTreeScorer } from './scorer.ts';
