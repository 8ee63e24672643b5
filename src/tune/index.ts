export { type Method, METHODS, type PastTrial } from './samplers.ts';
export { type Point, type Space, type SpaceName, spaceOf, SPACES, type Value } from './space.ts';
export { type JudgedPoint, runStudy, type StudyOutcome, type StudyParts, type Trial } from './study.ts';
