/** Metrics beside the scores: outcomes, who answers, and the shadow. Labels only hold words of this file. */
import { Counter, type Registry } from 'prom-client';
import type { ScoringAnswer } from '../workflow/index.ts';

export interface ServiceMetrics {
  /** Outcomes of one request. */
  outcomes(counts: { readonly taken: number; readonly repeated: number }): void;
  /** A row that was answered. */
  answered(answer: ScoringAnswer): void;
  /** A row that the challenger was to score in the shadow. */
  shadow(outcome: 'scored' | 'skipped' | 'failed', rows: number): void;
}

export function openServiceMetrics(registry: Registry): ServiceMetrics {
  const registers = [registry];
  const taken = new Counter({
    name: 'churn_outcomes_total',
    help: 'Outcomes reported, by whether they were new or known already',
    labelNames: ['result'],
    registers,
  });
  const answered = new Counter({
    name: 'churn_answers_total',
    help: 'Rows answered, by champion or challenger',
    labelNames: ['answered_by'],
    registers,
  });
  const shadow = new Counter({
    name: 'churn_shadow_scores_total',
    help: 'Rows that the challenger was to score in the shadow, by what came of it',
    labelNames: ['result'],
    registers,
  });
  return {
    outcomes({ taken: fresh, repeated }) {
      taken.inc({ result: 'taken' }, fresh);
      taken.inc({ result: 'repeated' }, repeated);
    },
    answered({ answeredBy = 'champion' }) {
      answered.inc({ answered_by: answeredBy });
    },
    shadow(result, rows) {
      shadow.inc({ result }, rows);
    },
  };
}
