import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Facts } from '../../../../src/desk/contract.ts';
import { factsQuery, whatIfStartQuery } from '../../api/queries.ts';
import { usePermission } from '../../shell/shell.tsx';
import { EmptyState, ErrorState, Loading, Pending } from '../../ui/states.tsx';
import { blankInputs, type Inputs, inputsOfTexts } from './inputs.ts';
import { Sheet } from './sheet.tsx';
import { StartPicker } from './start-picker.tsx';
import { readAddress, type StartAddress, type WhatIfAddress, writeAddress } from './what-if-address.ts';

export const Route = createLazyRoute('/what-if')({ component: WhatIfPage });

function WhatIfPage() {
  const facts = useQuery(factsQuery);
  return (
    <Stack>
      <Title order={1} size="h2">
        What would the model say if …?
      </Title>
      <Pending of={[facts]} />
      {facts.data === undefined ? null : facts.data.features.length === 0 ? (
        <EmptyState title="There is no model yet.">
          <Text size="sm">
            Train one with <code>holdfast run</code>; the server takes it as soon as it is there.
          </Text>
        </EmptyState>
      ) : (
        <Known facts={facts.data} />
      )}
    </Stack>
  );
}

function Known({ facts }: { readonly facts: Facts }) {
  const raw = Route.useSearch();
  const navigate = Route.useNavigate();
  const address = readAddress(raw);
  const change = useCallback(
    (next: Partial<WhatIfAddress>, isReplacing: boolean): void => {
      void navigate({
        search: (before) => writeAddress({ ...readAddress(before), ...next }),
        replace: isReplacing,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return (
    <>
      <StartPicker
        facts={facts}
        address={address}
        onTier={(tier) => {
          change({ tier }, true);
        }}
        onStart={(start) => {
          change({ start, changes: {} }, false);
        }}
      />
      <Started facts={facts} address={address} onChange={change} />
    </>
  );
}

interface StartedProps {
  readonly facts: Facts;
  readonly address: WhatIfAddress;
  readonly onChange: (next: Partial<WhatIfAddress>, isReplacing: boolean) => void;
}

function Started({ facts, address, onChange }: StartedProps) {
  const { start } = address;
  const seesCustomers = usePermission('customers.read');
  const named = useQuery({
    ...whatIfStartQuery({ id: start.kind === 'id' ? start.id : '' }),
    enabled: start.kind === 'id' && seesCustomers,
  });
  const startKey = JSON.stringify(start);
  const values = useMemo(
    () => inputsOf(start, facts, named.data?.features ?? {}),
    // An address is read anew each time: by what it says.
    [startKey, facts, named.data],
  );
  if (start.kind === 'none')
    return (
      <EmptyState title="Choose where to begin.">
        <Text size="sm" maw={640}>
          Then change an input, and see at once what the model would say: the risk before and after, and what
          moves it. Nothing that you do here is recorded.
        </Text>
      </EmptyState>
    );
  if (start.kind === 'id' && !seesCustomers)
    return (
      <EmptyState title={`This link begins with one ${facts.entity}, whom your role may not see.`}>
        <Text size="sm">Begin with a random one, who is not named, or with a blank form.</Text>
      </EmptyState>
    );
  if (start.kind === 'id' && named.isPending) return <Loading lines={8} />;
  if (start.kind === 'id' && named.isError)
    return (
      <Stack align="flex-start">
        <ErrorState error={named.error} onRetry={() => void named.refetch()} />
        <Anchor
          component="button"
          onClick={() => {
            onChange({ start: { kind: 'none' }, changes: {} }, false);
          }}
        >
          Begin somewhere else
        </Anchor>
      </Stack>
    );
  return (
    // What was typed belongs to its start: another one begins anew.
    <Sheet key={startKey} facts={facts} address={address} start={values} onChange={onChange} />
  );
}

function inputsOf(start: StartAddress, { features }: Facts, named: Inputs): Inputs {
  if (start.kind === 'blank') return blankInputs(features);
  if (start.kind === 'values') return inputsOfTexts(features, start.values);
  return Object.fromEntries(features.map(({ name }) => [name, named[name] ?? null]));
}
