import { niceTicks } from '../../ui/charts/axis.ts';
import { Bars } from '../../ui/charts/index.tsx';
import { Legend } from '../../ui/charts/legend.tsx';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { count, day, percent, percentInDetail } from '../../ui/format.ts';
import { TIER_SHAPES, tierColor, tierPlace } from '../../ui/tier-mark.tsx';
import type { PerformanceProps } from './performance-page.tsx';

/** How the tiers shared out those scored, date by date. */
export function TierTrend({ facts, performance: { trend } }: PerformanceProps) {
  const names = [...new Set(trend.flatMap(({ tiers }) => tiers.map(({ name }) => name)))];
  const series = names.map((name) => {
    const place = tierPlace(name, facts.tiers);
    return { name, label: `${TIER_SHAPES[place] ?? ''} ${name}`, color: tierColor(place) };
  });
  // The tier of all others is most of them: without it the rest can be seen.
  const shown = series.slice(0, -1);
  const shareOf = (point: (typeof trend)[number], name: string): number =>
    point.scored === 0 ? 0 : (point.tiers.find((tier) => tier.name === name)?.count ?? 0) / point.scored;
  const last = trend.at(-1);
  const ticks = niceTicks(
    Math.max(0, ...trend.map((point) => shown.reduce((sum, { name }) => sum + shareOf(point, name), 0))),
  );
  return (
    <ChartFrame
      title="Tiers over time"
      summary={
        last === undefined
          ? 'Nothing was scored yet.'
          : `On ${day(last.score_date)}: ${shown.map(({ name }) => `${percentInDetail(shareOf(last, name))} ${name}`).join(', ')}; all others are ${names.at(-1) ?? ''} and not drawn.`
      }
      table={{
        caption: 'Tiers by score date',
        headings: ['Score date', 'Scored', ...names],
        rows: trend.map((point) => [
          day(point.score_date),
          count(point.scored),
          ...names.map(
            (name) =>
              `${count(point.tiers.find((tier) => tier.name === name)?.count)} (${percentInDetail(shareOf(point, name))})`,
          ),
        ]),
      }}
    >
      <Legend series={shown} />
      <Bars
        label={`Share of each tier on ${String(trend.length)} score dates`}
        height={trend.length > 1 ? 240 : 130}
        isStacked
        rows={trend.map((point) => ({
          name: day(point.score_date),
          values: Object.fromEntries(shown.map(({ name }) => [name, shareOf(point, name)])),
          tip: [
            day(point.score_date),
            ...names.map((name) => `${name}: ${percentInDetail(shareOf(point, name))}`),
            `n = ${count(point.scored)}`,
          ],
        }))}
        series={[...shown].reverse()}
        axis={{ text: percent, ticks, highest: ticks.at(-1) ?? 1 }}
      />
    </ChartFrame>
  );
}
