import { Anchor, Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Facts } from '../../../src/desk/contract.ts';
import { usePermission } from '../shell/shell.tsx';
import { plural } from '../ui/words.ts';
import { Key } from '../ui/work/choices.tsx';
import type { KeyBinding } from '../ui/work/keys.ts';
import { useTakeNext } from '../ui/work/use-take-next.ts';
import { type Notice, refusalText } from '../ui/work/work-bar.tsx';
import { activeFilters, withoutFilters } from './queue/filters.ts';
import { changed, queueQuery, type QueueSearch } from './queue-search.ts';

/** Taking the next one of the queue, with what a page shows of it. */
export interface TakeNext {
  /** Nothing for those who may not. */
  readonly bindings: readonly KeyBinding[];
  /** What came of it where nobody was given: what the bar of the page says. */
  readonly said: Notice | null;
  readonly onDismiss: () => void;
  readonly isPending: boolean;
  readonly take: () => void;
}

/** Gives whoever asks the most urgent one of these filters that is nobody's, and opens it. */
export function useTakeNextOf(search: QueueSearch, facts: Facts | undefined): TakeNext {
  const navigate = useNavigate();
  const mayWork = usePermission('work.write');
  const { mutate, isPending } = useTakeNext();
  const [said, setSaid] = useState<Notice | null>(null);
  const take = () => {
    if (isPending || facts === undefined) return;
    setSaid(null);
    mutate(queueQuery(search), {
      onSuccess: (row) => {
        if (row === null) setSaid(nobodyLeft(search, facts));
        else
          // It has no place among the others any more: the way back leads to the beginning of the queue.
          void navigate({
            to: '/customers/$id',
            params: { id: row.id },
            search: changed(search, { show: undefined }),
          });
      },
      onError: (error) => {
        setSaid({ text: refusalText(error), kind: 'refusal' });
      },
    });
  };
  return {
    bindings: mayWork ? [{ keys: ['t'], says: 'Take the next one that is nobody’s', run: take }] : [],
    said,
    onDismiss: () => {
      setSaid(null);
    },
    isPending,
    take,
  };
}

/** The button; nothing for those who may not. */
export function TakeNextButton({
  next,
  isSecond = false,
}: {
  readonly next: TakeNext;
  /** Something else is what most people do here. */
  readonly isSecond?: boolean;
}) {
  if (next.bindings.length === 0) return null;
  return (
    <Button
      size="xs"
      variant={isSecond ? 'default' : 'filled'}
      aria-keyshortcuts="t"
      loading={next.isPending}
      rightSection={<Key>t</Key>}
      onClick={(event) => {
        // The second click of a double one would take another: the same button stands on the page that the first opened.
        if (event.detail < 2) next.take();
      }}
    >
      Take next
    </Button>
  );
}

/** Why nobody was given, and what to do then. */
function nobodyLeft(search: QueueSearch, facts: Facts): Notice {
  const things = plural(facts.entity);
  const isFiltered = activeFilters(changed(search, { assignee: undefined }), facts).length > 0;
  const text = isFiltered
    ? `No ${things} are left to take with these filters: whoever is due is somebody’s already. Take a filter away, or go on with yours.`
    : `No ${things} are left to take: whoever is due is somebody’s already. Go on with yours, or look again later.`;
  const link = (label: string, to: QueueSearch) => (
    <Anchor size="sm" renderRoot={(props) => <Link {...props} to="/queue" search={to} />}>
      {label}
    </Anchor>
  );
  return {
    text,
    kind: 'fact',
    link: isFiltered ? (
      <>
        {link('Reset all filters', withoutFilters(search))} · {link('Show mine', { assignee: 'me' })}
      </>
    ) : (
      link('Show mine', { assignee: 'me' })
    ),
  };
}
