/** The pages, in the order of the menu, each with the right that it asks for. */
export const PAGES = [
  { to: '/', label: 'Overview', permission: 'overview.read' },
  { to: '/queue', label: 'Work queue', permission: 'customers.read' },
  { to: '/what-if', label: 'What if', permission: 'predict' },
  { to: '/performance', label: 'Model performance', permission: 'performance.read' },
  { to: '/data', label: 'Data', permission: 'data.read' },
] as const;
