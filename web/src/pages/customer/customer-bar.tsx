import { Button, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { CustomerRow, Facts } from '../../../../src/desk/contract.ts';
import { count } from '../../ui/format.ts';
import { Key } from '../../ui/work/choices.tsx';
import type { KeyBinding } from '../../ui/work/keys.ts';
import { WorkBar } from '../../ui/work/work-bar.tsx';
import { queueOf, type QueueSearch } from '../queue-search.ts';
import { TakeNextButton, useTakeNextOf } from '../take-next.tsx';
import { type Neighbour, useNeighbours } from './neighbours.ts';

export interface CustomerBarProps {
  readonly id: string;
  readonly row: CustomerRow | undefined;
  readonly search: QueueSearch;
  readonly entity: string;
  readonly facts: Facts | undefined;
}

/** The work on one, and the way to the next of the queue. */
export function CustomerBar({ id, row, search, entity, facts }: CustomerBarProps) {
  const navigate = useNavigate();
  const { before, after, total } = useNeighbours(id, search);
  const taking = useTakeNextOf(search, facts);
  const go = (to: Neighbour | undefined) => {
    if (to === undefined) return;
    void navigate({
      to: '/customers/$id',
      params: { id: to.id },
      search: { ...search, at: to.at },
    });
  };
  const next: KeyBinding = {
    keys: ['n', 'j'],
    says: `Next ${entity} of the queue`,
    run: () => {
      go(after);
    },
  };
  const previous: KeyBinding = {
    keys: ['p', 'k'],
    says: `The ${entity} before`,
    run: () => {
      go(before);
    },
  };
  const back: KeyBinding = {
    keys: ['q'],
    says: 'Back to the queue',
    run: () => {
      void navigate({ to: '/queue', search: queueOf(search) });
    },
  };
  return (
    <WorkBar
      row={row}
      scope={id}
      bindings={[next, previous, ...taking.bindings, back]}
      said={taking.said}
      onDismiss={taking.onDismiss}
    >
      {search.at === undefined ? null : (
        <>
          <Button
            size="xs"
            variant="default"
            aria-keyshortcuts="p"
            disabled={before === undefined}
            rightSection={<Key>p</Key>}
            onClick={previous.run}
          >
            Previous
          </Button>
          <Button
            size="xs"
            aria-keyshortcuts="n"
            disabled={after === undefined}
            rightSection={<Key>n</Key>}
            onClick={next.run}
          >
            Next
          </Button>
          <Text size="sm" c="dimmed">
            {total === undefined ? '' : `${count(search.at + 1)} of ${count(total)}`}
          </Text>
        </>
      )}
      <TakeNextButton next={taking} isSecond={search.at !== undefined} />
    </WorkBar>
  );
}
