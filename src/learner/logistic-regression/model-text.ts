/** A fitted regression as JSON: its terms as they were fixed on the training rows, and their coefficients. */
import { HoldfastError } from '../../kernel/index.ts';
import { numbersAt, objectAt, oneOf, textsAt, wholeBetween } from '../json-text.ts';
import type { LogisticModel } from './logistic-regression.ts';

const FORMAT = 'holdfast-logistic-regression/1';
const COLUMNS_MOST = 1_000_000;
/** Predicting takes a block of memory that grows with the terms. */
const TERMS_MOST = 100_000;

type Term = LogisticModel['terms'][number];

/** Whether a text is meant to be such a model. */
export const isLogisticText = (text: string): boolean => text.startsWith(`{\n "format": "${FORMAT}"`);

/** Writes a model; equal models give equal bytes. */
export function modelText(model: LogisticModel, featureNames: readonly string[]): string {
  const terms = model.terms.map(({ column, reads, mean, scale, coefficient, ...rest }) => ({
    column,
    reads,
    ...('code' in rest ? { code: rest.code } : {}),
    mean,
    scale,
    coefficient,
  }));
  const { intercept, converged } = model;
  return `${JSON.stringify({ format: FORMAT, featureNames, converged, intercept, terms }, undefined, 1)}\n`;
}

/**
 * Reads and checks a model text.
 *
 * @throws HF503 when the text is not a complete, consistent model.
 */
export function parseLogisticText(text: string): LogisticModel {
  try {
    return readModel(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw new HoldfastError('HF503', {
      message: `the text is not a usable logistic regression: ${error instanceof RangeError ? error.message : 'it is not complete JSON'}`,
      hint: 'restore the model folder from a copy, or train again',
    });
  }
}

function readModel(value: unknown): LogisticModel {
  const root = objectAt(value, 'model');
  oneOf(root['format'], 'format', [FORMAT]);
  const names = root['featureNames'];
  const columns = Array.isArray(names) ? names.length : 0;
  if (columns > COLUMNS_MOST) throw new RangeError(`it has ${columns} features`);
  textsAt(names, 'featureNames', columns);
  const [intercept = 0] = numbersAt([root['intercept']], 'intercept', Number.isFinite, 1);
  const terms = root['terms'];
  if (!Array.isArray(terms)) throw new RangeError("'terms' is not a list");
  if (terms.length > TERMS_MOST) throw new RangeError(`it has ${terms.length} terms`);
  return {
    columns,
    intercept,
    converged: root['converged'] === true,
    terms: terms.map((term: unknown, index) => readTerm(term, `terms[${index}]`, columns)),
  };
}

function readTerm(value: unknown, place: string, columns: number): Term {
  const term = objectAt(value, place);
  const number = (key: string, isFit: (item: number) => boolean): number =>
    numbersAt([term[key]], `${place}.${key}`, isFit, 1)[0] as number;
  const reads = oneOf(term['reads'], `${place}.reads`, ['value', 'missing', 'code']);
  const shared = {
    column: number('column', wholeBetween(0, columns - 1)),
    mean: number('mean', Number.isFinite),
    scale: number('scale', (scale) => Number.isFinite(scale) && scale > 0),
    coefficient: number('coefficient', Number.isFinite),
  };
  if (reads === 'code') return { ...shared, reads, code: number('code', wholeBetween(0, 2 ** 31 - 1)) };
  return { ...shared, reads: reads as 'value' | 'missing' };
}
