import { Anchor, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Customer, Facts } from '../../../../src/desk/contract.ts';
import { ApiError } from '../../api/client.ts';
import { customerQuery, factsQuery } from '../../api/queries.ts';
import { EmptyState, ErrorState, Loading, sentence } from '../../ui/states.tsx';
import { capital, plural } from '../../ui/words.ts';
import { shortId } from '../../ui/work/words.ts';
import { queueOf, type QueueSearch, readQueueSearch } from '../queue-search.ts';
import { Contributions } from './contributions.tsx';
import { CustomerBar } from './customer-bar.tsx';
import { CustomerHead } from './customer-head.tsx';
import classes from './customer.module.css';
import { FeatureGroups } from './feature-groups.tsx';
import { History } from './history.tsx';
import { Reasons } from './reasons.tsx';
import { Risk } from './risk.tsx';
import { Timeline } from './timeline.tsx';
import { WorkHistory } from './work-history.tsx';

export const Route = createLazyRoute('/customers/$id')({ component: CustomerPage });

const NOT_FOUND = 404;

function CustomerPage() {
  const { id } = Route.useParams();
  const search = readQueueSearch(Route.useSearch());
  const facts = useQuery(factsQuery);
  const customer = useQuery(customerQuery(id));
  const entity = facts.data?.entity ?? 'customer';
  return (
    <>
      <Anchor size="sm" renderRoot={(props) => <Link {...props} to="/queue" search={queueOf(search)} />}>
        ← Back to the queue
      </Anchor>
      {customer.data !== undefined && facts.data !== undefined ? null : (
        <Title order={1} size="h2" my="xs">
          {capital(entity)} {shortId(id)}
        </Title>
      )}
      {facts.isError ? (
        <ErrorState error={facts.error} onRetry={() => void facts.refetch()} />
      ) : customer.isError ? (
        customer.error instanceof ApiError && customer.error.status === NOT_FOUND ? (
          <EmptyState
            title={`There is no ${entity} ${shortId(id)} among the ${plural(entity)} that were scored.`}
          >
            {sentence(customer.error.hint)}
          </EmptyState>
        ) : (
          <ErrorState error={customer.error} onRetry={() => void customer.refetch()} />
        )
      ) : facts.isPending || customer.isPending ? (
        <Loading lines={12} />
      ) : null}
      {/* Also where it could not be read anew: somebody may be in the middle of a call. */}
      {customer.data === undefined || facts.data === undefined ? null : (
        <CustomerView page={customer.data} facts={facts.data} search={search} />
      )}
      <CustomerBar id={id} row={customer.data?.customer} search={search} entity={entity} facts={facts.data} />
    </>
  );
}

interface CustomerViewProps {
  readonly page: Customer;
  readonly facts: Facts;
  readonly search: QueueSearch;
}

function CustomerView({ page, facts, search }: CustomerViewProps) {
  const top = useRef<HTMLHeadingElement>(null);
  const { id } = page.customer;
  // Whoever goes on to the next one reads on from the top of it.
  useEffect(() => {
    top.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [id]);
  return (
    <>
      <CustomerHead page={page} facts={facts} top={top} />
      <div className={classes['columns']}>
        <div className={classes['column']}>
          <Reasons page={page} />
          <Risk page={page} />
          <WorkHistory page={page} />
          <History page={page} facts={facts} />
        </div>
        <div className={classes['column']}>
          <Timeline key={id} page={page} />
        </div>
      </div>
      <FeatureGroups page={page} />
      <Contributions page={page} search={search} />
    </>
  );
}
