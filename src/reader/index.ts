export {
  openFile,
  type OpenedFile,
  type OpenOptions,
  sniffFormat,
  type SniffedFile,
  type SniffOptions,
} from './open-file.ts';
export { engineType, valueCast, type ValueStyle } from './value-cast.ts';
