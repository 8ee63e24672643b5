export {
  fitLogisticRegression,
  type LogisticModel,
  type LogisticTask,
  predictLogistic,
} from './logistic-regression.ts';
export { type LogisticTerm } from './terms.ts';
