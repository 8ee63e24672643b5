import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type RefObject, useEffect, useState } from 'react';
import type { Facts } from '../../../../src/desk/contract.ts';
import { tierPlace, TIER_SHAPES } from '../../ui/tier-mark.tsx';
import { changed, type QueueSearch } from '../queue-search.ts';
import classes from './queue.module.css';
import { MoreFilters } from './more-filters.tsx';

const SEARCH_WAIT_MS = 250;

export interface FilterBarProps {
  readonly search: QueueSearch;
  readonly facts: Facts;
  readonly searchField: RefObject<HTMLInputElement | null>;
  readonly onChange: (search: QueueSearch) => void;
  readonly onSearched: () => void;
}

/** The filters that are used most, and a fold with the others. */
export function FilterBar({ search, facts, searchField, onChange, onSearched }: FilterBarProps) {
  const set = (patch: Readonly<Record<string, unknown>>) => {
    onChange(changed(search, patch));
  };
  const tiers = search.tier ?? [];
  const isMoreOpen = search.show === 'filters';
  return (
    <div role="search" aria-label="Filters of the queue">
      <div className={classes['filters']}>
        <SearchField
          label="Search by id"
          value={search.search ?? ''}
          field={searchField}
          onChange={(value) => {
            set({ search: value });
          }}
          onDone={onSearched}
        />
        <NativeSelect
          size="xs"
          label="Assignee"
          value={search.assignee ?? ''}
          data={[
            { value: '', label: 'Anyone or nobody' },
            { value: 'me', label: 'Me' },
            { value: 'nobody', label: 'Nobody' },
            { value: 'anybody', label: 'Somebody' },
            ...(search.assignee === undefined || ['me', 'nobody', 'anybody'].includes(search.assignee)
              ? []
              : [search.assignee]),
          ]}
          onChange={(event) => {
            set({ assignee: event.currentTarget.value });
          }}
        />
        <fieldset className={classes['tiers']}>
          <legend>Tier</legend>
          {facts.tiers.map(({ name }) => (
            <Button
              key={name}
              size="xs"
              px={10}
              variant={tiers.includes(name) ? 'filled' : 'default'}
              aria-pressed={tiers.includes(name)}
              onClick={() => {
                set({
                  tier: tiers.includes(name) ? tiers.filter((tier) => tier !== name) : [...tiers, name],
                });
              }}
            >
              <span aria-hidden="true">{TIER_SHAPES[tierPlace(name, facts.tiers)]}&nbsp;</span>
              {name}
            </Button>
          ))}
        </fieldset>
        <Button
          size="xs"
          variant={search.overdue === true ? 'filled' : 'default'}
          aria-pressed={search.overdue === true}
          onClick={() => {
            set({ overdue: search.overdue === true ? undefined : true });
          }}
        >
          Overdue
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-expanded={isMoreOpen}
          onClick={() => {
            set({ show: isMoreOpen ? undefined : 'filters', offset: search.offset, at: search.at });
          }}
        >
          {isMoreOpen ? 'Fewer filters' : 'More filters'}
        </Button>
      </div>
      {isMoreOpen ? <MoreFilters search={search} facts={facts} onSet={set} /> : null}
    </div>
  );
}

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onChange: (value: string) => void;
  readonly onDone: () => void;
}

/** Waits until somebody has stopped typing. */
function SearchField({ label, value, field, onChange, onDone }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const later = useDebouncedCallback(onChange, SEARCH_WAIT_MS);
  useEffect(() => {
    // What is being typed is newer than the address.
    if (document.activeElement !== field.current) setText(value);
  }, [value, field]);
  return (
    <TextInput
      ref={field}
      size="xs"
      type="search"
      className={classes['search']}
      label={label}
      placeholder="Begins with …"
      aria-keyshortcuts="/"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          onChange(text.trim());
          onDone();
        }
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
