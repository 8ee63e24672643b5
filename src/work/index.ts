/** Work that people do about entities: its record, what it comes to, and who may do what to whom. */
export {
  type Person,
  type WorkBook,
  type WorkCommand,
  type Worker,
  type WorkLog,
  type WorkRecord,
  type WorkState,
  type WorkStatus,
} from './work-book.ts';
export { type StatusFacts, statusOf } from './status-of.ts';
export { openWorkBook, type WorkBookOptions } from './open-work-book.ts';
export { workLogOf } from './work-lines.ts';
