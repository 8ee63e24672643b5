import { percent, percentInDetail } from '../../ui/format.ts';
import type { HorizonChange } from './outcome.tsx';
import classes from './what-if.module.css';

/** Ends of the axis: small risks would be a hair's breadth on an axis to 100 %. */
const ENDS = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1] as const;

export interface BulletBarsProps {
  readonly horizons: readonly HorizonChange[];
  readonly hasChanges: boolean;
}

/** A bar a horizon for what is now, a tick for what was before, and a dotted one for the base rate; one axis for all. */
export function BulletBars({ horizons, hasChanges }: BulletBarsProps) {
  const largest = Math.max(
    ...horizons.flatMap(({ before, after, baseRate }) => [before ?? 0, after, baseRate ?? 0]),
  );
  const end = ENDS.find((candidate) => largest <= candidate) ?? 1;
  const at = (share: number): string => `${((share / end) * 100).toFixed(2)}%`;
  const hasBaseRates = horizons.some(({ baseRate }) => baseRate !== undefined);
  return (
    <div>
      {horizons.map(({ days, before, after, baseRate }, place) => (
        <div key={days} className={classes['bullet']}>
          <span>{days} days</span>
          <span
            className={classes['track']}
            role="img"
            aria-label={[
              `Within ${String(days)} days ${percentInDetail(after)}`,
              hasChanges && before !== undefined ? `before ${percentInDetail(before)}` : '',
              baseRate === undefined ? '' : `base rate ${percentInDetail(baseRate)}`,
            ]
              .filter((part) => part !== '')
              .join(', ')}
          >
            <span
              className={classes['bar']}
              style={{ width: at(after), background: `var(--horizon-${String(Math.min(place, 2))})` }}
            />
            {baseRate === undefined ? null : (
              <span className={classes['base']} style={{ left: at(baseRate) }} />
            )}
            {before === undefined ? null : <span className={classes['tick']} style={{ left: at(before) }} />}
          </span>
          <strong>{percentInDetail(after)}</strong>
        </div>
      ))}
      <div className={classes['bullet']} aria-hidden="true">
        <span />
        <span className={classes['axis']}>
          <span>0 %</span>
          <span>{percent(end / 2)}</span>
          <span>{percent(end)}</span>
        </span>
        <span />
      </div>
      <p className={classes['legend']}>
        <span>
          <i className={classes['bar-key']} /> after
        </span>
        <span>
          <i className={classes['tick-key']} /> before
        </span>
        {hasBaseRates ? (
          <span>
            <i className={classes['base-key']} /> base rate
          </span>
        ) : null}
      </p>
    </div>
  );
}
