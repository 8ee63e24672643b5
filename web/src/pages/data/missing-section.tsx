import { Text } from '@mantine/core';
import type { DataHealth } from '../../../../src/desk/contract.ts';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { count, percentInDetail } from '../../ui/format.ts';
import { missingDifference, points } from './fitness.ts';
import { Fold, type FoldOf, Section } from './section.tsx';
import classes from './data.module.css';

/** Features that are shown before the rest is unfolded. */
const SHOWN = 8;

export interface MissingSectionProps {
  readonly health: DataHealth;
  readonly fold: FoldOf;
}

/** Missing values now beside those of training, the largest difference first. */
export function MissingSection({ health: { features }, fold }: MissingSectionProps) {
  const rest = features.slice(SHOWN);
  return (
    <Section id="missing" title="Missing values">
      {features.length === 0 ? (
        <Text size="sm">There are no features yet.</Text>
      ) : (
        <>
          <Text size="sm">
            Share of rows without a value, in the newest features and in training. The largest difference
            comes first: the model has not learned from such rows.
          </Text>
          <MissingTable features={features.slice(0, SHOWN)} caption="Features with the largest difference" />
          {rest.length === 0 ? null : (
            <Fold name="missing" summary={`${count(rest.length)} more features`} fold={fold}>
              <MissingTable features={rest} caption="All other features" />
            </Fold>
          )}
        </>
      )}
    </Section>
  );
}

interface MissingTableProps {
  readonly features: DataHealth['features'];
  readonly caption: string;
}

function MissingTable({ features, caption }: MissingTableProps) {
  return (
    <FigureTable
      caption={caption}
      headings={['Feature', 'Now', 'In training', 'Difference', 'Now, and in training as a tick']}
      rows={features.map((feature) => [
        feature.label,
        percentInDetail(feature.missing),
        percentInDetail(feature.missing_in_training),
        points(missingDifference(feature)),
        <span key="bar" className={classes['track']} aria-hidden="true">
          <span className={classes['bar']} style={{ width: `${(feature.missing * 100).toFixed(1)}%` }} />
          {feature.missing_in_training === null ? null : (
            <span
              className={classes['tick']}
              style={{ left: `${(feature.missing_in_training * 100).toFixed(1)}%` }}
            />
          )}
        </span>,
      ])}
    />
  );
}
