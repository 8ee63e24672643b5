import { expect, test } from 'vitest';
import { HoldfastError } from '../kernel/index.ts';
import { PACK_YAML } from '../../tests/support/small-pack.ts';
import { checkSchema } from './check-schema.ts';
import { checkGates } from './gate-checks.ts';
import { PackFile } from './schema.ts';
import { parseYaml } from './yaml-file.ts';

/** What is refused about the last lines of a pack; undefined where nothing is. */
function refusal(lines: string): HoldfastError | undefined {
  const file = parseYaml(`${PACK_YAML}${lines}\n`, 'pack.yaml');
  try {
    checkGates({ file: checkSchema(PackFile, file) }, file);
    return undefined;
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
}

test.each([
  [
    'an upper limit of a metric of which more is better',
    'gates: [{ metric: auc_roc, at_most: 0.7 }]',
    'gates[0].at_most',
    /auc_roc is better the higher it is/,
    /write at_least/,
  ],
  [
    'a lower limit of a metric of which less is better',
    'gates: [{ metric: brier, at_least: 0.1, at_most: 0.2 }]',
    'gates[0].at_least',
    /brier is better the lower it is/,
    /write at_most/,
  ],
  [
    'a gate without a limit',
    'gates: [{ metric: calibration_slope }]',
    'gates[0]',
    /a gate has a limit/,
    /at_least or at_most for calibration_slope/,
  ],
  [
    'a range that holds nothing',
    'gates: [{ metric: calibration_slope, at_least: 1.2, at_most: 0.8 }]',
    'gates[0].at_most',
    /no value of calibration_slope is at least 1.2 and at most 0.8/,
    undefined,
  ],
  [
    'two gates on one metric',
    'gates: [{ metric: f1, at_least: 0.2 }, { metric: f1, at_least: 0.3 }]',
    'gates[1].metric',
    /the metric f1 has two gates/,
    undefined,
  ],
  [
    'a promotion by a metric without a direction',
    'promotion: { metric: calibration_slope }',
    'promotion.metric',
    /calibration_slope is best near one/,
    /auc_pr/,
  ],
  [
    'a promotion by a metric that is unknown',
    'promotion: { metric: auc_rp }',
    'promotion.metric',
    /the metric auc_rp is unknown/,
    /did you mean auc_pr\?/,
  ],
  [
    'a margin of the rule that has none',
    'promotion: { margin: 0.01 }',
    'promotion.margin',
    /the rule better has no margin/,
    /not_worse/,
  ],
  [
    'a confidence of 1, which no number of resamples shows',
    'promotion: { confidence: 1 }',
    'promotion.confidence',
    /below 1/,
    undefined,
  ],
])('%s is refused', (_, lines, field, message, hint) => {
  const error = refusal(lines);
  expect(error?.code).toBe('HF106');
  expect(error?.place?.field).toBe(field);
  expect(error?.message).toMatch(message);
  if (hint !== undefined) expect(error?.hint).toMatch(hint);
});

test.each([
  'gates: [{ metric: f1, at_least: 0.2 }, { metric: log_loss, at_most: 0.4 }]',
  'gates: [{ metric: calibration_slope, at_least: 0.8, at_most: 1.25 }]',
  'gates: [{ metric: calibration_in_the_large, at_most: 0.4 }]',
  'promotion: { metric: log_loss, rule: not_worse, margin: 0.01, confidence: 0.9 }',
  'promotion: { rule: not_worse }',
])('%s is accepted', (lines) => {
  expect(refusal(lines)).toBeUndefined();
});
