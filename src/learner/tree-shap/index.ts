export type { Contributions, Explainer } from './explainer.ts';
export { openLibraryExplainer } from './library-explainer.ts';
export { kernelRowsOf } from './kernel-explainer.ts';
export { openRowKernel, openTreeExplainer, rowKernelParts } from './open-explainer.ts';
export type { KernelParts, RowKernel } from './kernel-explainer.ts';
