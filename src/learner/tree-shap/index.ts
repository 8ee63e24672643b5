export { type Contributions, type Explainer, openExplainer } from './explainer.ts';
