import { type MouseEvent, type ReactNode, memo } from 'react';
import type { CustomerRow, Facts } from '../../../../src/desk/contract.ts';
import { count, MISSING, money, percent } from '../../ui/format.ts';
import { TierOf } from '../../ui/tier-mark.tsx';
import { deadlineOf, ruleOf } from '../../ui/work/words.ts';
import classes from './queue.module.css';

export interface QueueRowProps {
  readonly row: CustomerRow;
  readonly facts: Facts;
  /** Horizon whose probability is listed. */
  readonly days: number;
  /** Address of its page. */
  readonly href: string;
  /** Place among all that the filters leave, from 0. */
  readonly place: number;
  readonly isCurrent: boolean;
  /** Both with the index of the row on its page. */
  readonly index: number;
  readonly onSelect: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

/**
 * One of the queue, with all that an agent needs before a call. There are as many of them as stand on a page, and all
 * are others with each filter: their parts are plain elements, and one that says the same is not drawn again.
 */
export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { row, facts, days, href, place, index, isCurrent, onSelect, onOpen } = props;
  const probability = row.probabilities.find((one) => one.days === days)?.probability;
  const [reason = MISSING, ...others] = row.reasons;
  const select = (event: MouseEvent) => {
    // Whoever marks text wants the text.
    if (window.getSelection()?.isCollapsed !== false && !(event.target as Element).closest('a'))
      onSelect(index);
  };
  return (
    <tr
      role="row"
      className={classes['row']}
      // The head of the table is the first row.
      aria-rowindex={place + 2}
      aria-selected={isCurrent}
      tabIndex={isCurrent ? 0 : -1}
      onClick={select}
      onFocus={
        isCurrent
          ? undefined
          : () => {
              onSelect(index);
            }
      }
    >
      <Cell name="rank">{count(place + 1)}</Cell>
      <Cell name="id">
        <a
          href={href}
          tabIndex={-1}
          className={classes['link']}
          title={row.id}
          onClick={(event) => {
            // A plain click opens it here; others are the browser's.
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            onOpen(index);
          }}
        >
          {row.id}
        </a>
      </Cell>
      <Cell name="tier">
        <TierOf tier={row.tier} tiers={facts.tiers} />
        <TierChange row={row} facts={facts} />
      </Cell>
      <Cell name="probability" label={`${String(days)}-day risk`}>
        {percent(probability)}
      </Cell>
      <Cell name="risk" label="At risk">
        {money(row.value_at_risk, facts.currency)}
      </Cell>
      <Cell name="value" label="Value">
        {money(row.remaining_value, facts.currency)}
      </Cell>
      <Cell name="reason">
        <span className={classes['line']} title={reason}>
          {reason}
        </span>
        {others.length === 0 ? null : (
          <span className={classes['second']} title={others.join('; ')}>
            {others.join('; ')}
          </span>
        )}
      </Cell>
      <Cell name="action">
        <span className={classes['clamp']} title={row.action ?? undefined}>
          {row.action ?? MISSING}
        </span>
      </Cell>
      <Cell name="team">
        <span className={classes['clamp']} title={row.owner ?? undefined}>
          {row.owner ?? MISSING}
        </span>
      </Cell>
      <Cell name="deadline">
        <DeadlineLines row={row} facts={facts} />
      </Cell>
      <Cell name="assignee">
        <span className={classes['line']} title={row.work.assignee?.name}>
          {row.work.assignee?.name ?? 'Nobody'}
        </span>
      </Cell>
    </tr>
  );
});

interface CellProps {
  readonly name: string;
  /** Stands before the value where the rows are cards, which have no heads. */
  readonly label?: string;
  readonly children: ReactNode;
}

function Cell({ name, label, children }: CellProps) {
  return (
    <td role="gridcell" className={classes['cell']} data-cell={name} data-label={label}>
      {children}
    </td>
  );
}

/** Where one comes from, if not from here. */
function TierChange({ row, facts }: { readonly row: CustomerRow; readonly facts: Facts }) {
  if (row.tier_before === row.tier || facts.score_dates.length < 2) return null;
  const text = row.tier_before === null ? 'new' : `was ${row.tier_before}`;
  return (
    <span className={classes['second']} title={text}>
      {text}
    </span>
  );
}

/** When it is due, or what keeps it from being due. */
function DeadlineLines({ row, facts }: { readonly row: CustomerRow; readonly facts: Facts }) {
  const rule = ruleOf(row.work);
  if (rule !== null)
    return (
      <>
        <span className={classes['line']} title={rule.text}>
          {rule.text}
        </span>
        {rule.why === null ? null : (
          <span className={classes['second']} title={rule.why}>
            {rule.why}
          </span>
        )}
      </>
    );
  const deadline = deadlineOf(row, facts);
  if (deadline === null) return <>{MISSING}</>;
  return (
    <span className={classes['clamp']} data-overdue={deadline.isOverdue || undefined}>
      {deadline.text}
    </span>
  );
}
