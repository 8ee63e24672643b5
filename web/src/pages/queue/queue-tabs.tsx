import { Link } from '@tanstack/react-router';
import { changed, type QueueSearch } from '../queue-search.ts';
import classes from './queue.module.css';

const TABS = [
  { tab: 'due', label: 'Due' },
  { tab: 'snoozed', label: 'Snoozed' },
  { tab: 'suppressed', label: 'Suppressed' },
  { tab: 'done', label: 'Done' },
  { tab: 'all', label: 'All' },
] as const;

/** Parts of the queue, each with an address of its own. */
export function QueueTabs({ search }: { readonly search: QueueSearch }) {
  const open = search.tab ?? 'due';
  return (
    <nav aria-label="Parts of the queue" className={classes['tabs']}>
      {TABS.map(({ tab, label }) => (
        <Link
          key={tab}
          to="/queue"
          search={changed(search, { tab: tab === 'due' ? undefined : tab })}
          className={classes['tab']}
          data-open={tab === open || undefined}
          aria-current={tab === open ? 'page' : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
