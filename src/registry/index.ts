/** Which model set is in production, which may come after it, and by what it was judged. */
export {
  comparisonTerms,
  type GateEvidence,
  type HorizonEvidence,
  skewEvidence,
  type SkewEvidence,
  smokeEvidence,
  type SmokeEvidence,
} from './gate-evidence.ts';
export {
  type GateRules,
  type GateVerdict,
  judge,
  judgeChampion,
  passedProduction,
  passedStaging,
} from './gates.ts';
