import { NativeSelect, Text } from '@mantine/core';
import { memo } from 'react';
import type { Facts, WhatIf } from '../../../../src/desk/contract.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { featureValue, signed } from '../../ui/format.ts';
import { type ContributionChange, contributionChanges } from './contribution-changes.ts';
import classes from './what-if.module.css';

/** Features that the chart shows; its table has all. */
const SHOWN = 8;

export interface ContributionsFrameProps {
  readonly facts: Facts;
  readonly before: WhatIf | undefined;
  readonly after: WhatIf | undefined;
  readonly days: number | undefined;
  readonly onDays: (days: number) => void;
}

/** What pushes the score up or down, before and after; drawn anew with each answer, not with each key. */
export const ContributionsFrame = memo(function ContributionsFrame(props: ContributionsFrameProps) {
  const { facts, before, after, days, onDays } = props;
  if (after === undefined) return null;
  const chosen = facts.horizons.find((horizon) => horizon === days) ?? facts.horizons[0];
  const of = (answer: WhatIf | undefined) =>
    answer?.contributions.find((contributions) => contributions.days === chosen)?.features;
  const changes = contributionChanges(of(before), of(after) ?? []);
  const shown = changes.slice(0, SHOWN);
  const hasChanged = changes.some(({ difference }) => difference !== 0);
  return (
    <ChartFrame
      title="What moves it"
      summary={summaryOf(shown, hasChanged)}
      controls={
        <NativeSelect
          aria-label="Horizon of the contributions"
          size="xs"
          value={String(chosen)}
          data={facts.horizons.map((horizon) => ({
            value: String(horizon),
            label: `within ${String(horizon)} days`,
          }))}
          onChange={(event) => {
            onDays(Number(event.currentTarget.value));
          }}
        />
      }
      table={{
        caption: 'Contribution of each input to the score, in log-odds',
        headings: ['Input', 'Value before', 'Value after', 'Before', 'After', 'Change'],
        rows: changes.map((change) => [
          change.label,
          featureValue(change.valueBefore, change.unit),
          featureValue(change.valueAfter, change.unit),
          signed(change.before, logOdds),
          signed(change.after, logOdds),
          signed(change.difference, logOdds),
        ]),
      }}
    >
      <Bars changes={shown} />
      {hasChanged ? null : (
        <Text size="sm" c="dimmed" mt="xs">
          Nothing is changed yet: these are the strongest of the start.
        </Text>
      )}
    </ChartFrame>
  );
});

const logOdds = (size: number): string => size.toFixed(2);

function summaryOf(changes: readonly ContributionChange[], hasChanged: boolean): string {
  const [first] = changes;
  if (first === undefined) return 'The model names no contributions.';
  if (!hasChanged) {
    const direction = first.after > 0 ? 'raises' : 'lowers';
    return `${first.label} ${direction} the risk most of all.`;
  }
  const direction = first.difference > 0 ? 'up' : 'down';
  return `The largest change comes from ${first.label}, which moves the risk ${direction}.`;
}

/** Two bars a feature about a common middle: the thin one before, the full one after. Its table says the same. */
function Bars({ changes }: { readonly changes: readonly ContributionChange[] }) {
  const largest = Math.max(
    ...changes.flatMap(({ before, after }) => [Math.abs(before), Math.abs(after)]),
    1e-9,
  );
  const box = (contribution: number) => {
    const width = (Math.abs(contribution) / largest) * 50;
    return { left: `${(contribution < 0 ? 50 - width : 50).toFixed(2)}%`, width: `${width.toFixed(2)}%` };
  };
  return (
    <div aria-hidden="true">
      <div className={classes['push']}>
        <span />
        <span className={classes['axis']}>
          <span>◂ lowers the risk</span>
          <span>raises it ▸</span>
        </span>
      </div>
      {changes.map((change) => (
        <div key={change.name} className={classes['push']}>
          <span className={classes['push-name']}>
            <span>{change.label}</span>
            <small>{valueText(change)}</small>
          </span>
          <span className={classes['push-track']}>
            <span className={classes['push-before']} style={box(change.before)} />
            <span className={classes['push-after']} style={box(change.after)} data-up={change.after > 0} />
          </span>
        </div>
      ))}
      <p className={classes['legend']}>
        <span>
          <i className={classes['push-before-key']} /> before
        </span>
        <span>
          <i className={classes['push-after-key']} /> after
        </span>
      </p>
    </div>
  );
}

function valueText({ valueBefore, valueAfter, unit }: ContributionChange): string {
  const after = featureValue(valueAfter, unit);
  return valueBefore === valueAfter ? after : `${featureValue(valueBefore, unit)} → ${after}`;
}
