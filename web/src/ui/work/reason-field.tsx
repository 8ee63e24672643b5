import { TextInput } from '@mantine/core';
import { type Choice, Choices } from './choices.tsx';

const REASON_LENGTH_AT_MOST = 500;
const OTHER = '';

export interface Reason {
  /** One of the choices, empty for another one; null where none is chosen. */
  readonly choice: string | null;
  readonly other: string;
}

/** What is sent; empty where it is not said yet. */
export const reasonText = ({ choice, other }: Reason): string =>
  choice === null || choice === OTHER ? other.trim() : choice;

export interface ReasonFieldProps {
  readonly choices: readonly { readonly key: string; readonly value: string }[];
  readonly reason: Reason;
  readonly onChange: (reason: Reason) => void;
  readonly hasFocus?: boolean;
}

/** A usual reason by one key, or another one in words. */
export function ReasonField({ choices, reason, onChange, hasFocus = false }: ReasonFieldProps) {
  const all: Choice[] = [
    ...choices.map(({ key, value }) => ({ key, value, label: value })),
    { key: 'o', value: OTHER, label: 'Another reason' },
  ];
  return (
    <>
      <Choices
        legend="Why?"
        name="reason"
        choices={all}
        value={reason.choice}
        onChange={(choice) => {
          onChange({ ...reason, choice });
        }}
        hasFocus={hasFocus}
      />
      {reason.choice === OTHER ? (
        <TextInput
          label="Reason"
          required
          value={reason.other}
          maxLength={REASON_LENGTH_AT_MOST}
          onChange={(event) => {
            onChange({ ...reason, other: event.currentTarget.value });
          }}
        />
      ) : null}
    </>
  );
}
