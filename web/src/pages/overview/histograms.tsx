import { Stack, Text } from '@mantine/core';
import { Bars } from '../../ui/charts/index.tsx';
import { countAt, logHeight, logTicks } from '../../ui/charts/log-scale.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { CustomersLink, useOpenCustomers } from '../../ui/customers-link.tsx';
import { count, percent, percentInDetail } from '../../ui/format.ts';
import { counted, plural } from '../../ui/words.ts';
import type { QueueSearch } from '../queue-search.ts';
import { type Bin, binsToShow, rangeText } from './bins.ts';
import type { OverviewProps } from './overview-page.tsx';

const HEIGHT_PX = 120;
const AXIS_PX = 54;
const NAME_EVERY = 4;

const inBin = (horizon: number, { from, to }: Bin): QueueSearch => ({
  tab: 'all',
  horizon,
  probability_from: from,
  probability_to: to,
});

/** The three horizons below each other, over one axis of probability and with one scale of counts. */
export function Histograms({ facts, overview }: OverviewProps) {
  const open = useOpenCustomers();
  const entities = plural(facts.entity);
  const shown = binsToShow(overview.histograms);
  const histograms = overview.histograms.map(({ days, mean, bins }) => ({
    days,
    mean,
    bins: bins.slice(0, shown),
    all: bins,
  }));
  const ticks = logTicks(Math.max(1, ...histograms.flatMap(({ bins }) => bins.map((bin) => bin.count))));
  const end = histograms[0]?.bins.at(-1)?.to ?? 1;
  const first = histograms[0]?.bins ?? [];
  return (
    <ChartFrame
      title="Probability of leaving"
      summary={summaryOf(histograms, entities)}
      table={{
        caption: `${entities} by probability of leaving`,
        headings: ['Probability', ...histograms.map(({ days }) => `within ${counted(days, 'day')}`)],
        rows: first.map((bin, place) => [
          rangeText(bin),
          ...histograms.map(({ days, bins }) => {
            const own = bins[place];
            if (own === undefined || own.count === 0) return count(0);
            return (
              <CustomersLink
                key={days}
                search={inBin(days, own)}
                label={`${count(own.count)}, ${rangeText(own)} within ${counted(days, 'day')}`}
              >
                {count(own.count)}
              </CustomersLink>
            );
          }),
        ]),
      }}
    >
      <Stack gap={4}>
        {histograms.map(({ days, mean, bins }, place) => {
          const isLast = place === histograms.length - 1;
          return (
            <div key={days}>
              <Text size="sm" fw={600}>
                Within {counted(days, 'day')}: {percentInDetail(mean)} on average
              </Text>
              <Bars
                label={`Within ${counted(days, 'day')}, ${percentInDetail(mean)} on average`}
                height={isLast ? HEIGHT_PX + AXIS_PX : HEIGHT_PX}
                rows={bins.map((bin) => ({
                  name: percent(bin.from),
                  values: { height: logHeight(bin.count) },
                  tip: [
                    `${rangeText(bin)} within ${counted(days, 'day')}`,
                    `${count(bin.count)} ${entities}`,
                  ],
                }))}
                series={[{ name: 'height', label: entities, color: `var(--horizon-${String(place % 3)})` }]}
                axis={{ text: (height) => count(countAt(height)), ticks, highest: ticks.at(-1) ?? 1 }}
                withNames={isLast}
                nameEvery={NAME_EVERY}
                nameTitle={isLast ? 'Probability, from' : undefined}
                onOpen={
                  open === undefined
                    ? undefined
                    : (index) => {
                        const bin = bins[index];
                        if (bin !== undefined) open(inBin(days, bin));
                      }
                }
              />
            </div>
          );
        })}
        <Text size="xs" c="dimmed">
          Each gridline is ten times the one below it, so that few can be seen beside many.
          {end < 1 ? ` The axis ends at ${percent(end)}: nobody is above it at any horizon.` : ''}
        </Text>
      </Stack>
    </ChartFrame>
  );
}

/** Above this share of probability somebody is more likely to leave than not. */
const LIKELY = 0.5;

function summaryOf(
  histograms: readonly { readonly days: number; readonly mean: number; readonly all: readonly Bin[] }[],
  entities: string,
): string {
  const longest = histograms.at(-1);
  if (longest === undefined) return 'There are no horizons.';
  const likely = longest.all.filter(({ from }) => from >= LIKELY).reduce((sum, { count: n }) => sum + n, 0);
  return `${percentInDetail(longest.mean)} of all ${entities} are expected to leave within ${counted(longest.days, 'day')}; ${count(likely)} are more likely to leave than to stay.`;
}
