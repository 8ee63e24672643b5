/** Model sets: which one is champion and challenger, on what evidence, and how that came about. */
export {
  type Author,
  championSet,
  exportedSet,
  openRegistry,
  registeredSet,
  type ReadFeatures,
  type Registry,
  requireUsable,
} from './registry.ts';
export {
  type Change,
  type EvidenceReference,
  previousChampion,
  type Proposal,
  type RegisteredSet,
  type RegistryEvent,
  type RegistryState,
  requireSet,
  type SetSummary,
  type Stage,
} from './state.ts';
export {
  comparisonTerms,
  type GateEvidence,
  type HorizonEvidence,
  type SkewEvidence,
  type SmokeEvidence,
  smokeEvidence,
} from './gate-evidence.ts';
export { type GateVerdict, judge, judgeChampion, passedProduction, passedStaging } from './gates.ts';
