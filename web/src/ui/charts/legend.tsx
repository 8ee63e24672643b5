import classes from './chart.module.css';
import type { ChartSeries } from './chart-types.ts';

/** Which mark is what, in the order in which they are drawn. */
export function Legend({ series }: { readonly series: readonly ChartSeries[] }) {
  return (
    <ul className={classes['legend']}>
      {series.map(({ name, label, color, isDashed }) => (
        <li key={name}>
          <svg width="16" height="10" aria-hidden="true">
            {isDashed === true ? (
              <line x1="0" y1="5" x2="16" y2="5" stroke={color} strokeWidth="3" strokeDasharray="4 2" />
            ) : (
              <rect width="16" height="10" rx="2" fill={color} />
            )}
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}
