import { Title } from '@mantine/core';
import type { Customer } from '../../../../src/desk/contract.ts';
import { featureValue } from '../../ui/format.ts';
import { capital } from '../../ui/words.ts';
import classes from './customer.module.css';
import { Section } from './section.tsx';

const WITHOUT_GROUP = 'other';

/** What the score is made from, by group. */
export function FeatureGroups({ page: { features } }: { readonly page: Customer }) {
  const groups = new Map<string, Customer['features']>();
  for (const feature of features) {
    const group = feature.group ?? WITHOUT_GROUP;
    groups.set(group, [...(groups.get(group) ?? []), feature]);
  }
  return (
    <Section title="Facts">
      <div className={classes['groups']}>
        {[...groups].map(([group, members]) => (
          <div key={group} className={classes['group']}>
            <Title order={3} size="h6">
              {capital(group).replaceAll('_', ' ')}
            </Title>
            <dl className={classes['facts']}>
              {members.map(({ name, label, value, unit }) => (
                <div key={name}>
                  <dt>{label}</dt>
                  <dd>{featureValue(value, unit)}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Section>
  );
}
