import { NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Facts } from '../../../../src/desk/contract.ts';
import { percentAsTyped } from '../../ui/format.ts';
import { OUTCOME_CHOICES } from '../../ui/work/words.ts';
import type { QueueSearch } from '../queue-search.ts';
import classes from './queue.module.css';

export interface MoreFiltersProps {
  readonly search: QueueSearch;
  readonly facts: Facts;
  readonly onSet: (patch: Readonly<Record<string, unknown>>) => void;
}

/** Filters that are used now and then. Of those with several values each choice adds one; the marks take them away. */
export function MoreFilters({ search, facts, onSet }: MoreFiltersProps) {
  const valuesOf = (name: string): string[] => (search as Readonly<Record<string, string[]>>)[name] ?? [];
  const adding = (name: string, label: string, values: readonly string[]) => {
    const chosen = valuesOf(name);
    return (
      <NativeSelect
        key={name}
        size="xs"
        label={label}
        value=""
        data={[
          { value: '', label: chosen.length === 0 ? 'All' : `${String(chosen.length)} chosen: add …` },
          ...values.filter((value) => !chosen.includes(value)),
        ]}
        onChange={(event) => {
          if (event.currentTarget.value !== '') onSet({ [name]: [...chosen, event.currentTarget.value] });
        }}
      />
    );
  };
  const { horizons } = facts;
  return (
    <div className={classes['more']}>
      {adding('owner', 'Team', facts.owners)}
      <NativeSelect
        size="xs"
        label="Last outcome"
        value={search.outcome ?? ''}
        data={[
          { value: '', label: 'Any or none' },
          ...OUTCOME_CHOICES.map(({ value, label }) => ({ value, label })),
        ]}
        onChange={(event) => {
          onSet({ outcome: event.currentTarget.value });
        }}
      />
      <NativeSelect
        size="xs"
        label="Risk within"
        value={String(search.horizon ?? horizons.at(-1) ?? '')}
        data={horizons.map((days) => ({ value: String(days), label: `${String(days)} days` }))}
        onChange={(event) => {
          const days = Number(event.currentTarget.value);
          onSet({ horizon: days === horizons.at(-1) ? undefined : days });
        }}
      />
      <PercentInput
        label="From"
        value={search.probability_from}
        onSet={(probability_from) => {
          onSet({ probability_from });
        }}
      />
      <PercentInput
        label="To"
        value={search.probability_to}
        onSet={(probability_to) => {
          onSet({ probability_to });
        }}
      />
      {facts.segments.map(({ name, label, values }) => adding(`segment.${name}`, label, values))}
    </div>
  );
}

interface PercentInputProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly onSet: (share: number | undefined) => void;
}

/** A share in percent; it counts once it is left or Enter is pressed. */
function PercentInput({ label, value, onSet }: PercentInputProps) {
  const text = value === undefined ? '' : percentAsTyped(value);
  const field = useRef<HTMLInputElement>(null);
  // Another address is another text; the field stays, and the focus in it.
  useEffect(() => {
    if (field.current !== null) field.current.value = text;
  }, [text]);
  const read = (input: HTMLInputElement) => {
    const typed = input.value.trim();
    const percent = Math.min(100, Math.max(0, Number(typed)));
    if (typed !== '') input.value = String(percent);
    if (input.value !== text) onSet(typed === '' ? undefined : percent / 100);
  };
  return (
    <TextInput
      ref={field}
      size="xs"
      type="number"
      min={0}
      max={100}
      step="any"
      label={`${label} (%)`}
      defaultValue={text}
      className={classes['percent']}
      onBlur={(event) => {
        read(event.currentTarget);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') read(event.currentTarget);
      }}
    />
  );
}
