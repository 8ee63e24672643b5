/** Which model sets answer, where a challenger may stand beside the champion. */
import type { ScoringAnswer, ScoringService } from '../workflow/index.ts';

/** Equal while the champion, and the challenger where there is one, are the same. */
export const answeringSets = ({ set, challenger }: ScoringService): string =>
  `${set?.hash ?? ''} ${challenger?.set?.hash ?? ''}`;

/** The numbers of the sets that gave these answers, for the header: `4`, or `4, 7`. */
export const setsOf = (answers: readonly ScoringAnswer[]): string =>
  [...new Set(answers.map(({ modelSet }) => modelSet))].sort((a, b) => a - b).join(', ');
