/** The pages, in the order of the menu, each with the right that it asks for. */
export const PAGES = [
  { to: '/', label: 'Overview', permission: 'overview.read' },
  { to: '/queue', label: 'Work queue', permission: 'customers.read' },
  { to: '/what-if', label: 'What if', permission: 'what-if' },
  { to: '/performance', label: 'Model performance', permission: 'performance.read' },
  { to: '/data', label: 'Data', permission: 'data.read' },
] as const;

/** Below it is one of the queue, by its id. */
const ONE = '/customers/';

/** What a path asks for, and how its page is called; undefined where there is none. */
export function pageOf(
  pathname: string,
): { readonly label: string; readonly permission: string } | undefined {
  if (pathname.startsWith(ONE) && pathname.length > ONE.length)
    return { label: decoded(pathname.slice(ONE.length)), permission: 'customers.read' };
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  return PAGES.find(({ to }) => to === path);
}

/** An address that somebody wrote by hand may be no text at all. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
