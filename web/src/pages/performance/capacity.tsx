import { Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Curve } from '../../ui/charts/index.tsx';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { count, money, percent, percentInDetail } from '../../ui/format.ts';
import { counted } from '../../ui/words.ts';
import { bestCapacity, capacityCurve, capacityFigures, type CapacityFigures } from './capacity-figures.ts';
import type { HorizonProps } from './performance-page.tsx';
import classes from './performance.module.css';

const TITLE = 'How many to contact';
const USUAL_PERCENT = 10;
const SETTLED_MS = 200;

/** A capacity, and what comes of it in people and money. */
export function Capacity({
  facts,
  performance,
  horizon,
  wanted,
}: HorizonProps & { readonly wanted: number | undefined }) {
  const { economics, trend } = performance;
  const navigate = useNavigate();
  const [moving, setMoving] = useState<number | null>(null);
  const settle = useDebouncedCallback((capacity: number) => {
    void navigate({
      to: '.',
      search: (before) => ({ ...before, capacity: String(capacity) }),
      replace: true,
      resetScroll: false,
    }).then(() => {
      // It may have been moved on meanwhile.
      setMoving((now) => (now === capacity ? null : now));
    });
  }, SETTLED_MS);
  const curve = useMemo(() => capacityCurve(horizon, economics), [horizon, economics]);
  const shown = Math.min(100, Math.max(1, moving ?? wanted ?? USUAL_PERCENT));
  const figures = capacityFigures(horizon, economics, shown / 100);
  const best = bestCapacity(curve);
  const scored = trend.at(-1)?.scored;
  const asMoney = (value: number | null): string => money(value, facts.currency);
  return (
    <Paper component="section" aria-label={TITLE} withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {TITLE}
        </Title>
        {horizon.curve.length === 0 ? (
          <EmptyState title="There is no curve: it needs rows of both who left and who stayed." />
        ) : (
          <>
            <Text size="sm">{summaryOf(figures, best, facts.entity, asMoney)}</Text>
            <label className={classes['slider']}>
              <span>
                Contact the highest <strong>{percent(figures.share)}</strong>
                {scored === undefined
                  ? ''
                  : ` (${counted(Math.round(figures.share * scored), facts.entity)} of the newest scores)`}
              </span>
              <input
                type="range"
                min={1}
                max={100}
                step={1}
                value={shown}
                aria-valuetext={percent(figures.share)}
                onChange={(event) => {
                  const capacity = Number(event.currentTarget.value);
                  setMoving(capacity);
                  settle(capacity);
                }}
              />
            </label>
            <SimpleGrid cols={{ base: 1, lg: 3 }}>
              <div>
                <Text size="sm" fw={600}>
                  Leavers found (dashed: a list in no order)
                </Text>
                <Curve
                  label="Part of all leavers found, by part contacted; dashed is a list in no order"
                  height={220}
                  color="var(--horizon-1)"
                  at={figures.share}
                  xTitle="Contacted"
                  xText={percent}
                  yText={percent}
                  points={curve.map(({ share, recall, found }) => ({
                    x: share,
                    y: recall ?? 0,
                    other: share,
                    tip: [
                      `${percent(share)} contacted`,
                      `${percentInDetail(recall)} of leavers found (${count(found)})`,
                    ],
                  }))}
                />
              </div>
              <div>
                <Text size="sm" fw={600}>
                  Expected gain
                </Text>
                {best === undefined ? (
                  <Text size="sm">Not known: the scores do not say what anybody is worth.</Text>
                ) : (
                  <Curve
                    label="Expected gain by part contacted"
                    height={220}
                    color="var(--horizon-0)"
                    at={figures.share}
                    xTitle="Contacted"
                    xText={percent}
                    yText={asMoney}
                    points={curve.map(({ share, gain }) => ({
                      x: share,
                      y: gain ?? 0,
                      tip: [`${percent(share)} contacted`, `${asMoney(gain)} expected`],
                    }))}
                  />
                )}
              </div>
              <Stack gap="xs">
                <FigureTable
                  caption="At this capacity"
                  headings={['Rows', 'Left', 'Stayed']}
                  rows={[
                    ['Contacted', `${count(figures.found)} found`, count(figures.inVain)],
                    ['Not contacted', `${count(figures.missed)} missed`, count(figures.leftAlone)],
                  ]}
                />
                <FigureTable
                  caption="In money"
                  headings={['Amount', facts.currency]}
                  rows={[
                    ['Cost of contacts and offers', asMoney(figures.cost)],
                    ['Expected gain', asMoney(figures.gain)],
                  ]}
                />
              </Stack>
            </SimpleGrid>
            <Text size="xs" c="dimmed">
              On the {counted(horizon.rows, 'row')} that were evaluated. It assumes that{' '}
              {percent(economics.acceptance)} of those contacted accept, a contact costs{' '}
              {asMoney(economics.contact_cost)}, an accepted offer {asMoney(economics.offer_cost)}, and
              somebody who stays is worth {asMoney(economics.mean_value)}.
              {facts.value_assumption === null ? '' : ` ${facts.value_assumption}`}
            </Text>
          </>
        )}
      </Stack>
    </Paper>
  );
}

function summaryOf(
  figures: CapacityFigures,
  best: CapacityFigures | undefined,
  entity: string,
  asMoney: (value: number | null) => string,
): string {
  const { share, contacted, found, recall, precision, gain } = figures;
  const most =
    best === undefined
      ? ''
      : ` The highest expected gain, ${asMoney(best.gain)}, is at ${percent(best.share)}.`;
  return `Contacting ${percent(share)} means ${counted(contacted, 'contact')}, of which ${count(found)} (${percentInDetail(precision)}) reach a ${entity} who would leave: ${percent(recall)} of all who would. Expected gain: ${asMoney(gain)}.${most}`;
}
