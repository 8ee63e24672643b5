export type { Contributions, Explainer } from './explainer.ts';
export { openLibraryExplainer } from './library-explainer.ts';
export { openRowKernel, openTreeExplainer } from './open-explainer.ts';
