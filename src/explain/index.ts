export { checkAdditivity } from './additivity.ts';
export { type ContactedRows, type ContactParts, explainContacts, type OpenExplainer } from './contacts.ts';
export { type Reason, reasonMaker, type ReasonsOf } from './reasons.ts';
