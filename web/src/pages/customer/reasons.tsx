import { Text } from '@mantine/core';
import type { Customer } from '../../../../src/desk/contract.ts';
import { featureValue } from '../../ui/format.ts';
import classes from './customer.module.css';
import { Section } from './section.tsx';

/** Why, in words, and what may be offered for each. */
export function Reasons({ page: { reasons, customer } }: { readonly page: Customer }) {
  return (
    <Section title="Why, and what to offer">
      {reasons.length === 0 ? (
        <Text size="sm">No single reason stands out for this score.</Text>
      ) : (
        <ol className={classes['reasons']}>
          {reasons.map(({ text, feature, label, value, unit, intervention }) => (
            <li key={feature}>
              <strong>{text}</strong>
              <span className={classes['evidence']}>
                {label}: {featureValue(value, unit)}
              </span>
              {intervention === null ? null : (
                <span className={classes['offer']}>
                  <span aria-hidden="true">→ </span>
                  {intervention}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {customer.intervention === null ||
      reasons.some(({ intervention }) => intervention === customer.intervention) ? null : (
        <Text size="sm" mt="xs">
          Playbook: {customer.intervention}
        </Text>
      )}
    </Section>
  );
}
