/**
 * The rooms that need native libraries, or take long to load, loaded when a command first works: help, settings and
 * completion answer at once, and `doctor` can say what is wrong with a library that does not load.
 */
export const loadWorkflow = () => import('../workflow/index.ts');
export const loadEngine = () => import('../engine/index.ts');
export const loadLearner = () => import('../learner/index.ts');
export const loadGenerate = () => import('../generate/index.ts');
export const loadRegistry = () => import('../registry/index.ts');
export const loadServer = () => import('../server/index.ts');
