import { Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useState } from 'react';
import type { DataHealth } from '../../../../src/desk/contract.ts';
import { dataQuery } from '../../api/queries.ts';
import { many } from '../../search.ts';
import { count } from '../../ui/format.ts';
import { EmptyState, Pending } from '../../ui/states.tsx';
import { Answer } from './answer.tsx';
import { MissingSection } from './missing-section.tsx';
import { RulesSection } from './rules-section.tsx';
import { Section } from './section.tsx';
import { SourcesSection } from './sources-section.tsx';
import { TablesSection } from './tables-section.tsx';

export const Route = createLazyRoute('/data')({ component: DataPage });

function DataPage() {
  const health = useQuery(dataQuery);
  return (
    <Stack>
      <Title order={1} size="h2">
        Is today’s data fit to score?
      </Title>
      <Pending of={[health]} lines={10} />
      {health.data === undefined ? null : health.data.tables.length === 0 ? (
        <EmptyState title="There are no data yet.">
          <Text size="sm">
            Put the files into the landing folder, then run <code>holdfast run</code>.
          </Text>
        </EmptyState>
      ) : (
        <Health health={health.data} />
      )}
    </Stack>
  );
}

/** What of the page is unfolded stands in its address. */
const OPEN = 'open';

function Health({ health }: { readonly health: DataHealth }) {
  const raw = Route.useSearch();
  const navigate = Route.useNavigate();
  const [today] = useState(() => Date.now());
  const open = many(raw[OPEN]);
  const fold = (name: string) => ({
    isOpen: open.includes(name),
    onToggle: (isOpen: boolean): void => {
      if (isOpen === open.includes(name)) return;
      const others = open.filter((other) => other !== name);
      const next = isOpen ? [...others, name] : others;
      void navigate({
        search: (before) => {
          const { [OPEN]: _, ...rest } = before;
          return next.length === 0 ? rest : { ...rest, [OPEN]: next };
        },
        replace: true,
        resetScroll: false,
      });
    },
  });
  return (
    <>
      <Answer health={health} today={today} />
      <RulesSection health={health} fold={fold} />
      <MissingSection health={health} fold={fold} />
      <SourcesSection health={health} today={today} fold={fold} />
      <Section id="quarantine" title="Quarantined rows">
        <Text size="sm">
          {health.quarantined_rows === 0
            ? 'No row was set apart: all that was delivered is in use.'
            : `${count(health.quarantined_rows)} rows were set apart by rules that drop what cannot be used. They are kept, with the rule and the reason, in the table quality.quarantined_rows.`}
        </Text>
      </Section>
      <Section id="drift" title="Drift">
        <Text size="sm">
          Whether features drift away from training, and what that does to scores, is not watched yet. Until
          it is, the missing values above are the first sign of it.
        </Text>
      </Section>
      <TablesSection health={health} today={today} fold={fold} />
    </>
  );
}
