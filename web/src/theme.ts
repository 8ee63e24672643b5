import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  headings: { fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  respectReducedMotion: true,
});

/** Colours that Mantine does not have: tiers from the most urgent (0) to the tier of all others (3). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--tier-0': '#7a1500',
    '--tier-1': '#b85c00',
    '--tier-2': '#0072b2',
    '--tier-3': '#6b7280',
    '--horizon-0': '#9a3412',
    '--horizon-1': '#0072b2',
    '--horizon-2': '#4b5563',
    '--heat': '0, 82, 147',
    '--mantine-color-dimmed': '#4b5563',
    '--mantine-color-placeholder': '#5f6875',
    '--mantine-color-error': '#b42318',
    // White letters stand on it, and it is the colour of links, also in a row that is tinted with it.
    '--mantine-color-blue-filled': '#155a96',
    '--mantine-color-blue-filled-hover': '#0f4577',
    '--mantine-color-anchor': '#155a96',
    '--mantine-color-yellow-outline': '#7a4a00',
    '--mantine-color-red-outline': '#b42318',
    // Of the page that is open, also while the pointer is over it.
    '--mantine-color-blue-light-color': '#0b4a82',
  },
  dark: {
    '--mantine-color-body': '#12161c',
    '--tier-0': '#ff7a45',
    '--tier-1': '#e6b000',
    '--tier-2': '#56b4e9',
    '--tier-3': '#9aa4b2',
    '--horizon-0': '#ff7a45',
    '--horizon-1': '#56b4e9',
    '--horizon-2': '#c3cad4',
    '--heat': '86, 180, 233',
    '--mantine-color-dimmed': '#b3bcc8',
    '--mantine-color-placeholder': '#9aa4b2',
    '--mantine-color-error': '#ff9b8f',
  },
});
