import { Box, Stack } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { Facts } from '../../../../src/desk/contract.ts';
import { ApiError } from '../../api/client.ts';
import { sentence } from '../../ui/states.tsx';
import { ContributionsFrame } from './contributions-frame.tsx';
import { InputsForm } from './inputs-form.tsx';
import { applyDraft, type Inputs } from './inputs.ts';
import { Outcome } from './outcome.tsx';
import { useDraftInAddress } from './use-draft-in-address.ts';
import { useBaseRates, useChangingWhatIf, useWhatIf } from './use-what-if.ts';
import type { WhatIfAddress } from './what-if-address.ts';
import classes from './what-if.module.css';

const BELOW_FEATURES = 'features.';

export interface SheetProps {
  readonly facts: Facts;
  readonly address: WhatIfAddress;
  readonly start: Inputs;
  readonly onChange: (next: Partial<WhatIfAddress>, isReplacing: boolean) => void;
}

/** Inputs, and what the model says of them beside what it says of the start. */
export function Sheet({ facts, address, start, onChange }: SheetProps) {
  const { features } = facts;
  const [draft, setDraft] = useState(address.changes);
  const shown = useMemo(() => applyDraft(features, start, draft), [features, start, draft]);
  useDraftInAddress(address.changes, shown.changes, setDraft, (changes) => {
    onChange({ changes }, true);
  });
  const atStart = useMemo(() => applyDraft(features, start, {}), [features, start]);

  const before = useWhatIf(isComplete(atStart.problems) ? atStart.inputs : null);
  // A changed input that does not fit counts as not changed; one of the start must be put right first.
  const isAskable = Object.keys(shown.problems).every(
    (name) => name in shown.changes && !(name in atStart.problems),
  );
  const after = useChangingWhatIf(isAskable ? shown.inputs : null);
  const baseRates = useBaseRates(address.start);

  const set = useCallback(
    (name: string, text: string) => {
      setDraft((now) => ({ ...now, [name]: text }));
    },
    [setDraft],
  );
  const reset = useCallback(
    (name: string) => {
      setDraft((now) => Object.fromEntries(Object.entries(now).filter(([other]) => other !== name)));
    },
    [setDraft],
  );
  const resetAll = useCallback(() => {
    setDraft(() => ({}));
  }, [setDraft]);

  const showDays = useCallback(
    (days: number) => {
      onChange({ days }, true);
    },
    [onChange],
  );

  const refused = fieldOf(after.error);
  const problems =
    refused === undefined ? shown.problems : { [refused.name]: refused.problem, ...shown.problems };
  return (
    <Box className={classes['sheet']}>
      <Box className={classes['inputs']}>
        <InputsForm
          facts={facts}
          start={start}
          draft={draft}
          changes={shown.changes}
          problems={problems}
          unseen={after.data?.unseen_categories ?? []}
          isBlank={address.start.kind === 'blank'}
          isUnfolded={address.isUnfolded}
          onUnfold={(isUnfolded) => {
            onChange({ isUnfolded }, true);
          }}
          onInput={set}
          onReset={reset}
          onResetAll={resetAll}
        />
      </Box>
      <Stack className={classes['answer'] ?? ''} role="group" aria-label="Answer of the model" tabIndex={0}>
        <Outcome
          facts={facts}
          address={{ ...address, changes: shown.changes }}
          before={before}
          after={after}
          isAskable={isAskable}
          leftOut={Object.keys(shown.problems).length}
          baseRates={baseRates}
        />
        <ContributionsFrame
          facts={facts}
          before={before.data}
          after={isAskable ? (after.data ?? before.data) : undefined}
          days={address.days}
          onDays={showDays}
        />
      </Stack>
    </Box>
  );
}

const isComplete = (problems: Readonly<Record<string, string>>): boolean =>
  Object.keys(problems).length === 0;

/** The input that the server refused, with what it says of it. */
function fieldOf(error: Error | null): { name: string; problem: string } | undefined {
  if (!(error instanceof ApiError) || error.field === undefined) return undefined;
  const name = error.field.startsWith(BELOW_FEATURES)
    ? error.field.slice(BELOW_FEATURES.length)
    : error.field;
  return { name, problem: `${sentence(error.message)} ${sentence(error.hint)}` };
}
