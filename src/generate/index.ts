export { generate, type GeneratedFile, type GenerateOptions, type GenerateResult } from './generate.ts';
