import { Box, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Facts, WhatIf } from '../../../../src/desk/contract.ts';
import { ApiError } from '../../api/client.ts';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { percentInDetail, signed } from '../../ui/format.ts';
import { ErrorState, Loading } from '../../ui/states.tsx';
import { TierMark } from '../../ui/tier-mark.tsx';
import { BulletBars } from './bullet-bars.tsx';
import { CopyLink } from './copy-link.tsx';
import type { WhatIfAddress } from './what-if-address.ts';
import classes from './what-if.module.css';

export interface OutcomeProps {
  readonly facts: Facts;
  readonly address: WhatIfAddress;
  readonly before: UseQueryResult<WhatIf>;
  readonly after: UseQueryResult<WhatIf>;
  /** False where an input that does not fit has no value that could stand for it. */
  readonly isAskable: boolean;
  /** Inputs that were left out of the question. */
  readonly leftOut: number;
  readonly baseRates: ReadonlyMap<number, number>;
}

/** Tier and probabilities, before and after. */
export function Outcome({ facts, address, before, after, isAskable, leftOut, baseRates }: OutcomeProps) {
  const hasChanges = Object.keys(address.changes).length > 0 && !after.isError;
  // Where the changes are refused, what is said of the start stays.
  const shown = after.isError ? before.data : after.data;
  return (
    <Paper
      component="section"
      aria-labelledby="outcome-title"
      withBorder
      p="md"
      className={classes['outcome'] ?? ''}
    >
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Title order={2} size="h4" id="outcome-title">
            What the model would say
          </Title>
          <CopyLink address={address} />
        </Group>
        {isAskable ? null : (
          <Text size="sm" role="alert">
            This beginning has values that the model does not take; they are marked below. Put them right, and
            the model answers.
          </Text>
        )}
        {isAskable && leftOut > 0 ? (
          <Text size="sm" role="alert">
            {leftOut === 1
              ? 'One input does not fit and counts'
              : `${String(leftOut)} inputs do not fit and count`}{' '}
            as not changed; it is said beside {leftOut === 1 ? 'it' : 'them'}.
          </Text>
        ) : null}
        {after.isError && isAskable ? (
          <Refusal error={after.error} onRetry={() => void after.refetch()} />
        ) : null}
        {!isAskable ? null : shown === undefined ? (
          after.isError ? null : (
            <Loading lines={5} />
          )
        ) : (
          <Answer
            facts={facts}
            before={before.data}
            after={shown}
            hasChanges={hasChanges}
            baseRates={baseRates}
          />
        )}
        <Text size="sm" c="dimmed">
          This is what the model would say of such values. It is not a causal effect: to change a value in
          life need not change what somebody does.
        </Text>
      </Stack>
    </Paper>
  );
}

/** What is about one input is said beside it. */
function Refusal({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (error instanceof ApiError && error.field !== undefined)
    return (
      <Text size="sm" role="alert">
        The model does not take one of the inputs; it is said beside it why. Here is what it says of the
        start.
      </Text>
    );
  return <ErrorState error={error} onRetry={onRetry} />;
}

interface AnswerProps {
  readonly facts: Facts;
  readonly before: WhatIf | undefined;
  readonly after: WhatIf;
  readonly hasChanges: boolean;
  readonly baseRates: ReadonlyMap<number, number>;
}

function Answer({ facts, before, after, hasChanges, baseRates }: AnswerProps) {
  const horizons = after.probabilities.map(({ days, probability }) => ({
    days,
    after: probability,
    before: before?.probabilities.find((other) => other.days === days)?.probability,
    baseRate: baseRates.get(days),
  }));
  const hasBaseRates = horizons.some(({ baseRate }) => baseRate !== undefined);
  return (
    <>
      <Group gap="xs" className={classes['tiers'] ?? ''}>
        {before === undefined || before.tier === after.tier ? (
          <>
            <TierMark tier={after.tier} />
            {hasChanges ? <Text size="sm">as before</Text> : null}
          </>
        ) : (
          <>
            <TierMark tier={before.tier} />
            <span aria-label="becomes" role="img">
              →
            </span>
            <TierMark tier={after.tier} />
          </>
        )}
        <Text size="sm" c="dimmed">
          {[after.action, after.owner, after.sla].filter((part) => part !== '').join(' · ')}
        </Text>
      </Group>
      <Text size="sm" role="status" className={classes['verdict'] ?? ''}>
        {verdict(facts.entity, horizons, hasChanges)}
      </Text>
      <BulletBars horizons={horizons} hasChanges={hasChanges} />
      <details>
        <summary>Show as a table</summary>
        <FigureTable
          caption="Probability to leave, before and after"
          headings={['Within', 'Before', 'After', 'Change', ...(hasBaseRates ? ['Base rate'] : [])]}
          rows={horizons.map(({ days, before: was, after: is, baseRate }) => [
            `${String(days)} days`,
            percentInDetail(was),
            percentInDetail(is),
            was === undefined ? '—' : points(is - was),
            ...(hasBaseRates ? [percentInDetail(baseRate)] : []),
          ])}
        />
      </details>
      {after.reasons.length === 0 ? null : (
        <Box>
          <Text size="sm" fw={600}>
            Reasons after the changes
          </Text>
          <ul className={classes['reasons']}>
            {after.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Box>
      )}
    </>
  );
}

export interface HorizonChange {
  readonly days: number;
  readonly after: number;
  readonly before: number | undefined;
  readonly baseRate: number | undefined;
}

/** A difference of two shares. */
const points = (difference: number): string =>
  `${signed(difference * 100, (size) => size.toFixed(1))} points`;

function verdict(entity: string, horizons: readonly HorizonChange[], hasChanges: boolean): string {
  const longest = horizons.at(-1);
  if (longest === undefined) return '';
  const { days, before, after } = longest;
  const within = `within ${String(days)} days`;
  if (!hasChanges || before === undefined)
    return `This ${entity} leaves ${within} with a probability of ${percentInDetail(after)}.`;
  const difference = after - before;
  return `The probability to leave ${within} would be ${percentInDetail(after)} instead of ${percentInDetail(before)} (${points(difference)}).`;
}
