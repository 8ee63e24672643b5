export { type Reason, reasonMaker, type ReasonsOf } from './reasons.ts';
