import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { ApiError } from './api/client.ts';
import { readQueueSearch } from './pages/queue-search.ts';
import { parseSearch, type RawSearch, stringifySearch } from './search.ts';
import { Shell } from './shell/shell.tsx';
import { NotFound } from './shell/not-found.tsx';
import { ErrorState, Loading } from './ui/states.tsx';

/** Its code is loaded with it, which fails where the server is away, or has another version by now. */
const page =
  <T,>(load: () => Promise<T>): (() => Promise<T>) =>
  () =>
    load().catch(() => {
      throw new ApiError(0, {
        code: '',
        message: 'the page cannot be loaded',
        hint: 'see that holdfast serve is running, then try again',
      });
    });

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const overview = createRoute({ getParentRoute: () => root, path: '/' }).lazy(
  page(async () => (await import('./pages/overview/overview-page.tsx')).Route),
);
const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  validateSearch: (raw: RawSearch) => readQueueSearch(raw),
}).lazy(page(async () => (await import('./pages/queue/queue-page.tsx')).Route));
const customer = createRoute({
  getParentRoute: () => root,
  path: '/customers/$id',
  // Where the queue was left: the way back, and the next one, are those of that view.
  validateSearch: (raw: RawSearch) => readQueueSearch(raw),
}).lazy(page(async () => (await import('./pages/customer/customer-page.tsx')).Route));
const whatIf = createRoute({
  getParentRoute: () => root,
  path: '/what-if',
  validateSearch: (raw: RawSearch) => raw,
}).lazy(page(async () => (await import('./pages/what-if/what-if-page.tsx')).Route));
const performance = createRoute({
  getParentRoute: () => root,
  path: '/performance',
  validateSearch: (raw: RawSearch) => raw,
}).lazy(page(async () => (await import('./pages/performance/performance-page.tsx')).Route));
const data = createRoute({
  getParentRoute: () => root,
  path: '/data',
  validateSearch: (raw: RawSearch) => raw,
}).lazy(page(async () => (await import('./pages/data/data-page.tsx')).Route));

export const router = createRouter({
  routeTree: root.addChildren([overview, queue, customer, whatIf, performance, data]),
  basepath: '/app',
  // As the menu and the rights have the paths.
  caseSensitive: true,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPendingComponent: () => <Loading />,
  defaultErrorComponent: ({ error }) => (
    <ErrorState
      error={error}
      // What could not be loaded once is not loaded again before that; the address has the state of the page.
      onRetry={() => {
        window.location.reload();
      }}
    />
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
