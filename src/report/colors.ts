/** Colours that stay apart on paper and for the colour-blind. */
export const COLORS = {
  model: '#0072b2',
  other: '#b85c00',
  third: '#0b6e4f',
  reference: '#9aa4b2',
  bar: '#9ec5e0',
} as const;

/** One a horizon, shortest first. */
export const HORIZON_COLORS = ['#7a1500', '#b85c00', '#0072b2', '#0b6e4f', '#6b7280'] as const;
