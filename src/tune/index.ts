export { type Method, METHODS, type PastTrial, pointOf } from './samplers.ts';
export { gridOf, type Point, type Space, type SpaceName, spaceOf, SPACES, type Value } from './space.ts';
export {
  bestOf,
  isHopeless,
  type JudgedPoint,
  runStudy,
  type StudyOutcome,
  type StudyParts,
  type Trial,
} from './study.ts';
