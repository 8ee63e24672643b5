export { labelColumn } from './labels.ts';
export {
  LABELS_TABLE,
  prepare,
  type Prepared,
  type PreparedTable,
  type PrepareParts,
  type SplitCount,
  TRAINING_TABLE,
} from './prepare.ts';
export { halfColumn, historySelect, leftOutColumn, splitColumn } from './split.ts';
