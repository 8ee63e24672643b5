import { metricList } from '../../src/domain/index.ts';
import { code, GENERATED, markdownTable } from './page.ts';

const BEST = { highest: 'high', lowest: 'low', zero: 'near 0', one: 'near 1' } as const;
const NEEDS = {
  rows: 'a row',
  positives: 'a positive',
  'both classes': 'rows of both classes',
} as const;

/** The page of metrics: their names in JSON, what they say, what is good. */
export function metricsPage(): string {
  return `${GENERATED}
# Metrics

What \`holdfast evaluate\` and the model report measure, under the names of \`holdfast evaluate --json\`. Each has a \`value\` with the \`lower\` and \`upper\` end of its 95 % interval, or a \`reason\` why it has none. The intervals are from a bootstrap that draws entities, with all rows of each: rows of one entity are alike, and drawing rows would make the intervals too narrow.

Metrics that read the score depend on the order of rows only. Those that read the probability are computed from calibrated probabilities that are coherent over the horizons, as they are served.

${markdownTable(
  ['name', 'title', 'reads', 'good', 'needs', 'what it says'],
  metricList().map(({ name, title, reads, best, needs, description }) => [
    code(name),
    title,
    reads,
    BEST[best],
    NEEDS[needs],
    description,
  ]),
)}

## The document

\`\`\`json
{
  "schema": "holdfast.evaluate/1",
  "set": 1,
  "horizons": {
    "30d": {
      "validation": { "rows": 1000, "positives": 40, "base_rate": 0.04 },
      "test": {
        "rows": 1000,
        "positives": 40,
        "base_rate": 0.04,
        "auc_pr": { "value": 0.31, "lower": 0.27, "upper": 0.36 }
      }
    }
  }
}
\`\`\`

A split without known outcomes is \`{ "reason": "not yet known" }\`. \`detail\` holds what was measured on the test rows, or on the validation rows where no test outcome is known yet: baselines, deciles, calibration bins, the shift of the base rate since calibration, segments and months. \`decision\` is the threshold that the model was stored with, its rule, and what comes of it.
`;
}
