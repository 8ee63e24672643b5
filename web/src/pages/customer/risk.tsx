import type { Customer } from '../../../../src/desk/contract.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { day, MISSING, percentInDetail, signed } from '../../ui/format.ts';
import classes from './customer.module.css';

/** A bar is never longer than its track, and shares under it are still seen apart. */
const HEADROOM = 1.15;

interface Horizon {
  readonly days: number;
  readonly probability: number;
  readonly base: number | undefined;
  readonly before: number | undefined;
}

/** Probabilities beside what is usual, and beside those of the score date before. */
export function Risk({ page }: { readonly page: Customer }) {
  const previous = page.history[1];
  const horizons = page.customer.probabilities.map(({ days, probability }): Horizon => ({
    days,
    probability,
    base: page.base_rates.find((rate) => rate.days === days)?.rate,
    before: previous?.probabilities.find((one) => one.days === days)?.probability,
  }));
  const longest = horizons.at(-1);
  const scale = Math.min(
    1,
    HEADROOM * Math.max(0.01, ...horizons.flatMap(({ probability, base }) => [probability, base ?? 0])),
  );
  return (
    <ChartFrame
      title="Risk of leaving"
      summary={longest === undefined ? 'There are no scores.' : summaryOf(longest, previous?.score_date)}
      table={{
        caption: 'Probability by horizon',
        headings: ['Within', 'Probability', 'Average', 'Times the average', 'Score before', 'Change'],
        rows: horizons.map(({ days, probability, base, before }) => [
          `${String(days)} days`,
          percentInDetail(probability),
          percentInDetail(base),
          timesText(probability, base) ?? MISSING,
          percentInDetail(before),
          changeText(probability, before),
        ]),
      }}
    >
      <div className={classes['bullets']}>
        {horizons.map(({ days, probability, base, before }) => (
          <div key={days} className={classes['bullet']}>
            <span>{days} days</span>
            <div className={classes['track']} aria-hidden="true">
              <div className={classes['fill']} style={{ width: `${String((probability / scale) * 100)}%` }} />
              {base === undefined ? null : (
                <div className={classes['base']} style={{ left: `${String((base / scale) * 100)}%` }} />
              )}
            </div>
            <strong>{percentInDetail(probability)}</strong>
            <span className={classes['beside']}>
              {timesText(probability, base) ?? ''}
              {before === undefined ? '' : ` · ${changeText(probability, before)}`}
            </span>
          </div>
        ))}
        <p className={classes['legend']} aria-hidden="true">
          <span className={classes['legendBase']} /> average of all · scale to {percentInDetail(scale)}
        </p>
      </div>
    </ChartFrame>
  );
}

function summaryOf({ days, probability, base, before }: Horizon, on: string | undefined): string {
  const times = timesText(probability, base);
  const compared = times === null ? '' : `, ${times} of ${percentInDetail(base)}`;
  const since =
    before === undefined || on === undefined ? '' : `; ${changeText(probability, before)} since ${day(on)}`;
  return `${percentInDetail(probability)} within ${String(days)} days${compared}${since}.`;
}

/** `3.2 times the average`. */
function timesText(probability: number, base: number | undefined): string | null {
  if (base === undefined || base === 0) return null;
  const times = probability / base;
  return `${times.toFixed(times < 10 ? 1 : 0)} times the average`;
}

/** `+2.1 points`. */
function changeText(probability: number, before: number | undefined): string {
  if (before === undefined) return MISSING;
  const points = Number(((probability - before) * 100).toFixed(1));
  if (points === 0) return 'unchanged';
  return `${signed(points, (size) => size.toFixed(1))} points`;
}
