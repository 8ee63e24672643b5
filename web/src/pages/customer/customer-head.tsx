import { Button, Text, Title } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { ReactNode, RefObject } from 'react';
import type { Customer, Facts } from '../../../../src/desk/contract.ts';
import { day, instant, MISSING, money } from '../../ui/format.ts';
import { OldScores } from '../../ui/old-scores.tsx';
import { TierMark } from '../../ui/tier-mark.tsx';
import { deadlineOf, outcomeLabel, ruleOf, shortId } from '../../ui/work/words.ts';
import { capital } from '../../ui/words.ts';
import classes from './customer.module.css';

export interface CustomerHeadProps {
  readonly page: Customer;
  readonly facts: Facts;
  readonly top: RefObject<HTMLHeadingElement | null>;
}

/** Who it is, how urgent, what it is worth, and what is to be done by when. */
export function CustomerHead({ page, facts, top }: CustomerHeadProps) {
  const { customer } = page;
  const { copy, copied } = useClipboard();
  const deadline = deadlineOf(customer, facts);
  const rule = ruleOf(customer.work);
  return (
    <header className={classes['header']}>
      <div className={classes['who']}>
        <Title order={1} size="h2" ref={top} tabIndex={-1}>
          {capital(facts.entity)} {shortId(customer.id)}
        </Title>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            copy(customer.id);
          }}
        >
          {copied ? 'Copied' : 'Copy id'}
        </Button>
        <Text size="lg" component="span">
          <TierMark tier={customer.tier} />
        </Text>
        <Text size="sm" c="dimmed" component="span">
          {changeOf(customer, facts)}as of {day(page.as_of)}
        </Text>
      </div>
      {shortId(customer.id) === customer.id ? null : (
        <Text size="sm" c="dimmed" className={classes['id']}>
          {facts.key.replaceAll('_', ' ')}: {customer.id}
        </Text>
      )}
      <OldScores facts={facts} />
      <dl className={classes['figures']}>
        <Fact name="Value at risk">
          <strong>{money(customer.value_at_risk, facts.currency)}</strong>
        </Fact>
        <Fact name="Remaining value">{money(customer.remaining_value, facts.currency)}</Fact>
        <Fact name="Action" isWide>
          {customer.action ?? MISSING}
        </Fact>
        <Fact name="Team">{customer.owner ?? MISSING}</Fact>
        <Fact name="Deadline">
          {deadline === null ? (
            MISSING
          ) : (
            <>
              <span data-overdue={deadline.isOverdue || undefined}>{deadline.text}</span>
              {deadline.isDate ? null : <small>{day(customer.contact_by)}</small>}
            </>
          )}
        </Fact>
        <Fact name="Assignee">{customer.work.assignee?.name ?? 'Nobody'}</Fact>
        <Fact name="Work">
          {rule === null ? 'Due' : rule.text}
          {rule?.why == null || customer.work.status === 'done' ? null : <small>{rule.why}</small>}
          {customer.work.last_outcome === null ? null : (
            <small>
              Last contact: {outcomeLabel(customer.work.last_outcome)},{' '}
              {instant(customer.work.last_contact_at)}
            </small>
          )}
        </Fact>
      </dl>
    </header>
  );
}

function Fact({
  name,
  isWide = false,
  children,
}: {
  readonly name: string;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div data-wide={isWide || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Where it was on the score date before; nothing before there was one. */
function changeOf(
  { tier, tier_before: before }: Customer['customer'],
  { score_dates: dates }: Facts,
): string {
  if (dates.length < 2) return '';
  if (before === null) return 'new in these scores · ';
  return before === tier ? 'the same tier as before · ' : `was ${before} · `;
}
