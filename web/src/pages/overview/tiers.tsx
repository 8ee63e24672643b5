import { Bars, Donut } from '../../ui/charts/index.tsx';
import { Legend } from '../../ui/charts/legend.tsx';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { Choice } from '../../ui/choice.tsx';
import { CustomersLink, useOpenCustomers } from '../../ui/customers-link.tsx';
import { count, money, percent } from '../../ui/format.ts';
import { TIER_SHAPES, TierMark, tierColor, tierPlace } from '../../ui/tier-mark.tsx';
import { plural } from '../../ui/words.ts';
import type { QueueSearch } from '../queue-search.ts';
import type { OverviewProps } from './overview-page.tsx';

const BAR_HEIGHT_PX = 56;
const inTier = (tier: string): QueueSearch => ({ tab: 'all', tier: [tier] });

/** How many are in which tier, as bars or as a ring. */
export function Tiers({ facts, overview, view }: OverviewProps & { readonly view: 'bars' | 'donut' }) {
  const open = useOpenCustomers();
  const entities = plural(facts.entity);
  const tiers = overview.tiers.map((tier) => {
    const place = tierPlace(tier.name, facts.tiers);
    return {
      ...tier,
      shown: `${TIER_SHAPES[place] ?? ''} ${tier.name}`,
      color: tierColor(place),
      tip: [
        tier.name,
        `${count(tier.count.now)} ${entities} (${percent(tier.share)})`,
        `${money(tier.value_at_risk, facts.currency)} at risk`,
      ],
    };
  });
  const openTier = (place: number): void => {
    const tier = tiers[place];
    if (tier !== undefined) open?.(inTier(tier.name));
  };
  const onOpen = open === undefined ? undefined : openTier;
  const label = tiers.map((tier) => `${tier.name} ${count(tier.count.now)}`).join(', ');
  return (
    <ChartFrame
      title="Risk tiers"
      summary={summaryOf(overview, entities)}
      controls={
        <Choice
          label="How tiers are shown"
          parameter="tiers"
          value={view}
          options={[
            { value: 'bars', label: 'Bars' },
            { value: 'donut', label: 'Donut' },
          ]}
        />
      }
      table={{
        caption: `${facts.entity} counts by tier`,
        headings: ['Tier', 'Count', 'Share', 'Value at risk'],
        rows: tiers.map((tier) => [
          <TierMark key="tier" tier={tier.name} />,
          <CustomersLink
            key="count"
            search={inTier(tier.name)}
            label={`${count(tier.count.now)}, ${tier.name}`}
          >
            {count(tier.count.now)}
          </CustomersLink>,
          percent(tier.share),
          <CustomersLink
            key="value"
            search={inTier(tier.name)}
            label={`${money(tier.value_at_risk, facts.currency)} at risk, ${tier.name}`}
          >
            {money(tier.value_at_risk, facts.currency)}
          </CustomersLink>,
        ]),
      }}
    >
      {view === 'donut' ? (
        <>
          <Legend
            series={tiers.map(({ name, shown, share, color }) => ({
              name,
              label: `${shown} ${percent(share)}`,
              color,
            }))}
          />
          <Donut
            label={label}
            height={BAR_HEIGHT_PX * tiers.length}
            middle={count(overview.scored.now)}
            parts={tiers.map(({ shown, count: { now }, color, tip }) => ({
              name: shown,
              value: now,
              color,
              tip,
            }))}
            onOpen={onOpen}
          />
        </>
      ) : (
        <Bars
          label={label}
          height={BAR_HEIGHT_PX * tiers.length + 16}
          direction="lying"
          rows={tiers.map(({ shown, count: { now }, color, tip }) => ({
            name: shown,
            values: { now },
            color,
            tip,
          }))}
          series={[{ name: 'now', label: entities, color: tierColor(TIER_SHAPES.length - 1) }]}
          axis={{ text: count }}
          withValues
          onOpen={onOpen}
        />
      )}
    </ChartFrame>
  );
}

function summaryOf({ tiers }: OverviewProps['overview'], entities: string): string {
  const [first] = tiers;
  const total = tiers.reduce((sum, tier) => sum + tier.value_at_risk, 0);
  if (first === undefined) return 'There are no tiers.';
  const part = total > 0 ? first.value_at_risk / total : 0;
  return `${count(first.count.now)} ${entities} (${percent(first.share)}) are ${first.name} and hold ${percent(part)} of the value at risk.`;
}
