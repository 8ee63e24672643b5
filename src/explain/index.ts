export { checkAdditivity } from './additivity.ts';
export { type ContactedRows, type ContactParts, explainContacts, type OpenExplainer } from './contacts.ts';
export {
  type BeeswarmFeature,
  type BeeswarmPoint,
  explainGlobally,
  type FeatureImportance,
  type GlobalExplanation,
  type GlobalRequest,
  type GroupImportance,
} from './global.ts';
export { type HypothesisVerdict, type JudgedHypothesis, judgeHypotheses } from './hypotheses.ts';
export { explainByLime, type LimeExplanation, type LimeRequest, type LimeWeight } from './lime.ts';
export { type Reason, reasonMaker, type ReasonsOf } from './reasons.ts';
