import { Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { Facts, WhatIfStart } from '../../../../src/desk/contract.ts';
import { getJson } from '../../api/client.ts';
import { usePermission } from '../../shell/shell.tsx';
import { day } from '../../ui/format.ts';
import { ErrorState } from '../../ui/states.tsx';
import { textsOfInputs } from './inputs.ts';
import type { StartAddress, WhatIfAddress } from './what-if-address.ts';
import classes from './what-if.module.css';

export interface StartPickerProps {
  readonly facts: Facts;
  readonly address: WhatIfAddress;
  readonly onTier: (tier: string) => void;
  readonly onStart: (start: StartAddress) => void;
}

/** Where to begin: with one by its key, with a random one, or with nobody. */
export function StartPicker({ facts, address, onTier, onStart }: StartPickerProps) {
  const seesCustomers = usePermission('customers.read');
  const { entity } = facts;
  const { start, tier = '' } = address;
  const begun = start.kind === 'id' ? start.id : '';
  // What was typed gives way to another start.
  const [typed, setTyped] = useState({ begun, id: begun });
  const id = typed.begun === begun ? typed.id : begun;
  const random = useMutation({
    mutationFn: () => getJson<WhatIfStart>('/v1/what-if/start', { tier }),
    onSuccess: (found) => {
      onStart(
        found.id === null
          ? { kind: 'values', asOf: found.as_of, values: textsOfInputs(found.features) }
          : { kind: 'id', id: found.id },
      );
    },
  });
  const open = (event: SubmitEvent): void => {
    event.preventDefault();
    if (id.trim() !== '') onStart({ kind: 'id', id: id.trim() });
  };
  return (
    <Paper component="section" aria-labelledby="start-title" withBorder p="sm">
      <Stack gap="xs">
        <Title order={2} size="h5" id="start-title">
          Begin with
        </Title>
        <Group gap="lg" align="flex-end">
          {seesCustomers ? (
            <form onSubmit={open} className={classes['choice']}>
              <TextInput
                label={`One ${entity}`}
                placeholder="Id"
                value={id}
                onChange={(event) => {
                  setTyped({ begun, id: event.currentTarget.value });
                }}
                size="xs"
                w={160}
              />
              <Button type="submit" size="xs" variant="default" disabled={id.trim() === ''}>
                Open
              </Button>
            </form>
          ) : null}
          <div className={classes['choice']}>
            <NativeSelect
              label={`A random ${entity}`}
              value={tier}
              onChange={(event) => {
                onTier(event.currentTarget.value);
              }}
              data={[
                { value: '', label: 'of any tier' },
                ...facts.tiers.map(({ name }) => ({ value: name, label: `of tier ${name}` })),
              ]}
              size="xs"
              w={160}
            />
            <Button
              size="xs"
              variant="default"
              loading={random.isPending}
              onClick={() => {
                random.mutate();
              }}
            >
              Draw
            </Button>
          </div>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onStart({ kind: 'blank' });
            }}
          >
            Blank form
          </Button>
        </Group>
        {random.isError ? <ErrorState error={random.error} /> : null}
        <Text size="sm" className={classes['start-text'] ?? ''}>
          {startText(start, entity)}
        </Text>
      </Stack>
    </Paper>
  );
}

function startText(start: StartAddress, entity: string): string {
  if (start.kind === 'none') return 'Nothing is chosen yet.';
  if (start.kind === 'id') return `Begun with the ${entity} ${start.id}, as scored last.`;
  if (start.kind === 'blank')
    return `Begun with a blank form: nothing is known of this ${entity} but what you enter.`;
  return `Begun with a random ${entity}, who is not named${start.asOf === '' ? '' : `, as scored on ${day(start.asOf)}`}.`;
}
