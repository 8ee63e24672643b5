export { type HorizonScores, score, type Scored, type ScoreParts } from './score.ts';
