import { Text } from '@mantine/core';
import type { Facts } from '../../../src/desk/contract.ts';
import { count, day } from './format.ts';
import { scoreAge } from './score-age.ts';
import { daysWords } from './words.ts';

/** Says that the newest scores are too old, and what to do; nothing where they are not. */
export function OldScores({ facts }: { readonly facts: Facts }) {
  const { date, days, horizon, isOld } = scoreAge(facts);
  if (!isOld) return null;
  return (
    <Text size="sm" role="note" mb="xs">
      <span aria-hidden="true">⚠ </span>
      <strong>These scores are {count(days)} days old</strong> ({day(date)}) and look {daysWords(horizon)}{' '}
      ahead, which are over. Deadlines are given as dates: score newer data before you contact anybody.
    </Text>
  );
}
