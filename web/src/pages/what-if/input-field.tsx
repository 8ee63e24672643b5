import { ActionIcon, NativeSelect, TextInput } from '@mantine/core';
import { type KeyboardEvent, memo } from 'react';
import type { FeatureFacts } from '../../../../src/desk/contract.ts';
import { featureValue } from '../../ui/format.ts';
import { boundsText } from './inputs.ts';
import classes from './what-if.module.css';

export interface InputFieldProps {
  readonly feature: FeatureFacts;
  readonly text: string;
  readonly startText: string;
  readonly isChanged: boolean;
  readonly problem: string | undefined;
  readonly isUnseen: boolean;
  readonly isLocked: boolean;
  readonly onInput: (name: string, text: string) => void;
  readonly onReset: (name: string) => void;
}

const BIG_STEPS = 10;
/** So many steps from end to end where a feature is a share or the like. */
const SMALL_RANGE_STEPS = 20;

/** One input with its unit, its bounds, what it was, and why a value does not fit. */
export const InputField = memo(function InputField(props: InputFieldProps) {
  const { feature, text, startText, isChanged, problem, isUnseen, isLocked, onInput, onReset } = props;
  const { name, label, unit } = feature;
  const was = startText === '' ? 'not known' : shownValue(feature, startText);
  const choices = choicesOf(feature, text, startText);
  const notes = [
    isLocked ? 'Locked: a fact that nobody can change' : choices === undefined ? boundsText(feature) : '',
    isChanged ? `was ${was}` : '',
    isUnseen ? 'no training row had this value: it counts as not known' : '',
  ].filter((note) => note !== '');
  const shared = {
    label: (
      <>
        {label}
        {isChanged ? <span className={classes['changed']}>changed</span> : null}
      </>
    ),
    description: notes.length === 0 ? undefined : notes.join(' · '),
    error: problem,
    size: 'xs' as const,
    inputWrapperOrder: ['label' as const, 'input' as const, 'description' as const, 'error' as const],
    'data-changed': isChanged || undefined,
    rightSection: isChanged ? (
      <ActionIcon
        variant="subtle"
        size={24}
        aria-label={`Reset ${label} to ${was}`}
        title={`Reset to ${was}`}
        onClick={() => {
          onReset(name);
        }}
      >
        ↺
      </ActionIcon>
    ) : isLocked ? (
      <span aria-hidden="true">
        <Lock />
      </span>
    ) : undefined,
    rightSectionPointerEvents: isChanged ? ('auto' as const) : ('none' as const),
  };
  if (choices !== undefined && !isLocked)
    return (
      <NativeSelect
        {...shared}
        value={text}
        data={choices}
        onChange={(event) => {
          onInput(name, event.currentTarget.value);
        }}
      />
    );
  return (
    <TextInput
      {...shared}
      value={isLocked ? shownLocked(feature, text) : text}
      readOnly={isLocked}
      inputMode={feature.type === 'numeric' ? 'decimal' : 'text'}
      placeholder="not known"
      autoComplete="off"
      spellCheck={false}
      aria-description={unit !== null && unit !== 'count' ? `in ${unit}` : undefined}
      className={isLocked ? (classes['locked'] ?? '') : ''}
      onChange={(event) => {
        onInput(name, event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        const stepped = isLocked ? undefined : steppedText(feature, text, event);
        if (stepped === undefined) return;
        event.preventDefault();
        onInput(name, stepped);
      }}
    />
  );
});

/** Arrow keys change a number by a step, with Shift by ten. */
function steppedText(feature: FeatureFacts, text: string, event: KeyboardEvent): string | undefined {
  const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
  const now = text.trim() === '' ? 0 : Number(text);
  if (feature.type !== 'numeric' || direction === 0 || Number.isNaN(now)) return undefined;
  const { lowest, highest, is_integer: isInteger } = feature;
  const range = lowest === null || highest === null ? Number.POSITIVE_INFINITY : highest - lowest;
  const step = isInteger || range > SMALL_RANGE_STEPS ? 1 : range / SMALL_RANGE_STEPS;
  const next = now + direction * step * (event.shiftKey ? BIG_STEPS : 1);
  const bounded = Math.min(Math.max(next, lowest ?? next), highest ?? next);
  return String(Number(bounded.toPrecision(10)));
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

const NOT_KNOWN: Choice = { value: '', label: 'not known' };
const isFlag = ({ type, is_integer: isInteger, lowest, highest }: FeatureFacts): boolean =>
  type === 'numeric' && isInteger && lowest === 0 && highest === 1;

/** What can be chosen; undefined where it is written. A value that training did not know can be kept. */
function choicesOf(feature: FeatureFacts, text: string, startText: string): Choice[] | undefined {
  const { type, categories, is_nullable: isNullable } = feature;
  if (isFlag(feature)) {
    const known = [
      { value: '0', label: 'No' },
      { value: '1', label: 'Yes' },
    ];
    return isNullable || startText === '' ? [NOT_KNOWN, ...known] : known;
  }
  if (type !== 'categorical' || categories.length === 0) return undefined;
  const strange = [...new Set([startText, text])].filter(
    (value) => value !== '' && !categories.includes(value),
  );
  return [
    ...(isNullable || startText === '' ? [NOT_KNOWN] : []),
    ...[...categories, ...strange].map((value) => ({ value, label: value })),
  ];
}

function shownValue(feature: FeatureFacts, text: string): string {
  if (isFlag(feature)) return text === '1' ? 'Yes' : text === '0' ? 'No' : text;
  return featureValue(feature.type === 'numeric' ? Number(text) : text, feature.unit);
}

const shownLocked = (feature: FeatureFacts, text: string): string =>
  text === '' ? '' : shownValue(feature, text);

const Lock = () => (
  <svg width="12" height="14" viewBox="0 0 12 14" fill="currentColor">
    <path d="M2 6V4a4 4 0 0 1 8 0v2h1v8H1V6Zm2 0h4V4a2 2 0 0 0-4 0Z" />
  </svg>
);
