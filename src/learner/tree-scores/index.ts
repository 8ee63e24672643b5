export { treeScorerOf, treeScorerParts, type TreeScorerParts } from './scorer.ts';
