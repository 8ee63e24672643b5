export { type Clock, fixedClock, systemClock } from './clock.ts';
export { ERROR_CODES, type ErrorCode } from './error-codes.ts';
export { type ErrorDetails, type ErrorPlace, formatPlace, HoldfastError } from './errors.ts';
export { deepFreeze } from './freeze.ts';
export { canonicalJson, hashOf, type Json, sha256 } from './hash.ts';
export { camelKeys, snakeKeys } from './keys.ts';
export { type Progress, type ProgressTask, silentProgress } from './progress.ts';
export { groupDigits, nearestWord, shellWord, wordsOf } from './text.ts';
export { VERSION } from './version.ts';
