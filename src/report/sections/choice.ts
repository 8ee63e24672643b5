import { count, decimal, percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport, ReportedChoice } from '../model-report.ts';
import type { Section } from '../page.ts';
import { renderTable } from '../table.ts';

const METHODS = {
  none: 'Nothing was done about rare positives.',
  balanced: 'Positives were weighed by negatives / positives.',
  weights: 'Each row was weighed as the pack says.',
  smote: 'Synthetic positives were added to the rows that were learnt from, and to no others.',
} as const;

/** What was tried and why this was taken, and what the method for rare positives does to probabilities. */
export function choiceSections({ choices = [] }: ModelReport): Section[] {
  if (choices.length === 0) return [];
  return [
    {
      id: 'choice',
      title: 'Choice of the learner and rare positives',
      body: html`${choices.map(
        (choice) =>
          html`<h3>${choice.days} days</h3>
            ${selectionPart(choice)} ${imbalancePart(choice)}`,
      )}`,
    },
  ];
}

function selectionPart({ selection }: ReportedChoice): Html {
  if (selection === null)
    return html`<p>
      No candidates were compared: the learner and its parameters are those of the pack, or what tuning found.
    </p>`;
  const dealt = selection.forwardInTime ? 'folds forward in time' : 'folds of groups of identical rows';
  return html`<p>
      ${selection.chosen} was taken: ${selection.why}. Judged by
      ${selection.metric.toUpperCase().replace('_', '-')} on ${selection.folds} ${dealt},
      ${count(selection.rows)} rows.
      ${
        selection.refit
          ? 'Then it learnt from all rows but the test rows; its calibrator and threshold rest on scores out of fold.'
          : 'Then it was trained on the train rows.'
      }
    </p>
    ${renderTable({
      columns: [
        { heading: 'candidate, the simplest first' },
        { heading: 'learner' },
        ...['mean', 'standard error', 'below the best by', 'standard error of that', 'trees'].map(
          (heading) => ({
            heading,
            numeric: true,
          }),
        ),
      ],
      rows: selection.candidates.map((candidate) => [
        candidate.name === selection.chosen
          ? { text: `${candidate.name} (taken)`, mood: 'good' as const }
          : candidate.name,
        candidate.learner,
        decimal(candidate.mean),
        candidate.standardError === null ? null : decimal(candidate.standardError),
        decimal(candidate.shortfall),
        candidate.shortfallError === null ? null : decimal(candidate.shortfallError),
        candidate.trees.join(', '),
      ]),
    })}`;
}

function imbalancePart({ imbalance, calibrationEffect: effect }: ReportedChoice): Html {
  const size = `${count(imbalance.positives)} of ${count(imbalance.rows)} rows were positive${imbalance.synthetic === 0 ? '' : `, ${count(imbalance.synthetic)} synthetic ones were added`}.`;
  const odds =
    imbalance.positiveWeight === 1
      ? ''
      : ` That raises the odds of a positive ${decimal(imbalance.positiveWeight)} times.`;
  if (effect === null) return html`<p>${METHODS[imbalance.method]} ${size}${odds}</p>`;
  const line = (name: string, figures: typeof effect.before): (string | null)[] => [
    name,
    percent(figures.meanProbability),
    figures.slope === null ? null : decimal(figures.slope),
    figures.error === null ? null : decimal(figures.error),
  ];
  return html`<p>${METHODS[imbalance.method]} ${size}${odds}</p>
    ${renderTable({
      caption: `Probabilities of ${count(effect.rows)} ${effect.split} rows, of which ${percent(effect.rate)} left; a slope of 1 is right.`,
      columns: [
        { heading: 'probabilities' },
        ...['mean', 'calibration slope', 'calibration error'].map((heading) => ({ heading, numeric: true })),
      ],
      rows: [line('as the learner gives them', effect.before), line('calibrated', effect.after)],
    })}`;
}
