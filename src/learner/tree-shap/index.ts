export type { Contributions, Explainer } from './explainer.ts';
export { openExplainer } from './open-explainer.ts';
