import { Text } from '@mantine/core';
import type { Facts } from '../../../src/desk/contract.ts';
import { day } from './format.ts';
import { scoreAge } from './score-age.ts';
import { counted } from './words.ts';

/** Says that the newest scores are too old, and what to do; nothing where they are not. */
export function OldScores({ facts }: { readonly facts: Facts }) {
  const { date, days, horizon, isOld } = scoreAge(facts);
  if (!isOld) return null;
  return (
    <Text size="sm" role="note" mb="xs">
      <span aria-hidden="true">⚠ </span>
      <strong>These scores are {counted(days, 'day')} old</strong> ({day(date)}) and look{' '}
      {counted(horizon, 'day')} ahead, which are over. Deadlines are given as dates: score newer data before
      you contact anybody.
    </Text>
  );
}
