import type { Customer, Facts } from '../../../../src/desk/contract.ts';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { day, MISSING, percentInDetail } from '../../ui/format.ts';
import { TierMark } from '../../ui/tier-mark.tsx';
import { Section } from './section.tsx';

const DATES_AT_MOST = 24;

/** How it was scored on each date. */
export function History({ page, facts }: { readonly page: Customer; readonly facts: Facts }) {
  return (
    <Section title="Scores over time">
      <FigureTable
        caption="The newest first"
        headings={[
          'Score date',
          'Tier',
          ...facts.horizons.map((days) => `${String(days)} days`),
          'Model set',
        ]}
        rows={page.history.slice(0, DATES_AT_MOST).map((scored) => [
          day(scored.score_date),
          <TierMark key="tier" tier={scored.tier} />,
          ...facts.horizons.map((days) => {
            const found = scored.probabilities.find((one) => one.days === days);
            return found === undefined ? MISSING : percentInDetail(found.probability);
          }),
          String(scored.model_set),
        ])}
      />
    </Section>
  );
}
