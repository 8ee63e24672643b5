/** The learner that a new pack begins with, as text. */
import { stringify } from 'yaml';
import { DEFAULT_LEARNER } from '../pack/index.ts';

/** The `learner:` section with the candidates of the default learner, the simplest first. */
export function learnerSection(): string {
  const { name, parameters, imbalance, rounds, early_stopping_rounds, candidates, seed } = DEFAULT_LEARNER;
  const section = {
    learner: {
      name,
      parameters,
      imbalance,
      rounds,
      early_stopping_rounds,
      candidates: candidates.map((candidate) => ({ name: candidate.name, parameters: candidate.parameters })),
      seed,
    },
  };
  return [
    '# Each candidate is judged on folds of the rows that are not for testing; the simplest that is not worse than\n',
    '# the best makes the model. Rare positives are left as they are: nothing then needs to be corrected.\n',
    stringify(section),
  ].join('');
}
