/** The regression as its worker has it. */
import type { Backend } from '../backend.ts';
import { explainLogistic, predictLogistic } from './logistic-regression.ts';
import { parseLogisticText } from './model-text.ts';
import { trainLogistic } from './training.ts';

export const logisticBackend: Backend = {
  train: trainLogistic,
  load: (text) => {
    const model = parseLogisticText(text);
    return {
      features: model.columns,
      trees: 0,
      predict: (what, matrix) =>
        what === 'raw' ? predictLogistic(model, matrix) : explainLogistic(model, matrix),
      [Symbol.dispose]: () => undefined,
    };
  },
};
