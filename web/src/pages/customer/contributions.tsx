import { NativeSelect, Paper, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Customer } from '../../../../src/desk/contract.ts';
import { featureValue, percentInDetail, signed } from '../../ui/format.ts';
import { sentence } from '../../ui/states.tsx';
import type { QueueSearch } from '../queue-search.ts';
import classes from './customer.module.css';

const NAME = 'contributions';

/** How each feature moved the score, folded away: it is for those who know what log-odds are. */
export function Contributions({ page, search }: { readonly page: Customer; readonly search: QueueSearch }) {
  const navigate = useNavigate();
  const { contributions } = page;
  const [name, wanted] = (search.show ?? '').split('-');
  const shown = contributions?.find(({ days }) => String(days) === wanted) ?? contributions?.at(-1);
  const show = (next: string | undefined) => {
    if (next === search.show) return;
    const { show: _show, ...rest } = search;
    void navigate({
      to: '/customers/$id',
      params: { id: page.customer.id },
      search: next === undefined ? rest : { ...rest, show: next },
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <Paper component="section" aria-label="Contributions" withBorder p="md">
      <details
        open={name === NAME}
        onToggle={(event) => {
          if (event.currentTarget.open !== (name === NAME)) show(event.currentTarget.open ? NAME : undefined);
        }}
      >
        <summary>
          <Title order={2} size="h4" display="inline">
            How the score is made up, feature by feature
          </Title>
        </summary>
        {contributions === null || shown === undefined ? (
          <Text size="sm" mt="xs">
            {sentence(page.contributions_missing ?? 'there are no contributions')}
          </Text>
        ) : (
          <>
            <NativeSelect
              size="xs"
              w={160}
              my="xs"
              label="Horizon"
              value={String(shown.days)}
              data={contributions.map(({ days }) => ({ value: String(days), label: `${String(days)} days` }))}
              onChange={(event) => {
                show(`${NAME}-${event.currentTarget.value}`);
              }}
            />
            <Bars shown={shown} page={page} />
          </>
        )}
      </details>
    </Paper>
  );
}

type Shown = NonNullable<Customer['contributions']>[number];

function Bars({ shown, page }: { readonly shown: Shown; readonly page: Customer }) {
  const { base, features, days } = shown;
  const widest = Math.max(...features.map(({ contribution }) => Math.abs(contribution)), Number.EPSILON);
  const sum = features.reduce((total, { contribution }) => total + contribution, 0);
  const probability = page.customer.probabilities.find((one) => one.days === days)?.probability;
  return (
    <>
      <Text size="sm" mb="xs">
        Every score starts at {logOdds(base)} log-odds, which is {percentInDetail(share(base))}. The features
        move it by {logOdds(sum)} to {logOdds(base + sum)}, which is {percentInDetail(share(base + sum))};
        calibration makes {percentInDetail(probability)} of it. These figures say what the model used, not
        what causes anybody to leave.
      </Text>
      <table className={classes['contributions']}>
        <caption>Contributions to the score, in log-odds, the strongest first</caption>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col">Value</th>
            <th scope="col">
              <span className={classes['sides']}>
                <span>less risk</span>
                <span>more risk</span>
              </span>
            </th>
            <th scope="col">Contribution</th>
          </tr>
        </thead>
        <tbody>
          {features.map(({ name, label, value, unit, contribution }) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td>{featureValue(value, unit)}</td>
              <td>
                <div className={classes['push']} aria-hidden="true">
                  <div
                    data-less={contribution < 0 || undefined}
                    style={{ width: `${String((Math.abs(contribution) / widest) * 50)}%` }}
                  />
                </div>
              </td>
              <td>{logOdds(contribution)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Sum with the start</th>
            <td />
            <td />
            <td>{logOdds(base + sum)}</td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

const share = (logOddsOfIt: number): number => 1 / (1 + Math.exp(-logOddsOfIt));
const logOdds = (value: number): string => signed(Number(value.toFixed(3)), (size) => size.toFixed(3));
