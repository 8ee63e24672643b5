/**
 * The one error type. A failure that a user can act on is a HoldfastError with a code from the
 * catalogue; anything else that reaches a door is an internal fault (HF900).
 */
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

/** The place in the user's input that an error is about. */
export interface ErrorPlace {
  /** File path as the user would recognise it. */
  readonly file?: string;
  /** 1-based line of a text file, or 1-based row of a table without the header. */
  readonly line?: number;
  /** Column, key or field. */
  readonly field?: string;
}

/** What a HoldfastError is made of. */
export interface ErrorDetails {
  /** What is wrong, in one sentence without a final full stop. */
  readonly message: string;
  /** What to do next, in one sentence. */
  readonly hint?: string;
  readonly place?: ErrorPlace;
  readonly cause?: unknown;
}

/** The base of all errors that Holdfast throws on purpose. */
export class HoldfastError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: ErrorPlace | undefined;
  /** Process exit code: 1 a check failed, 2 usage, configuration or input, 3 internal. */
  readonly exitCode: number;
  readonly httpStatus: number;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'HoldfastError';
    this.code = code;
    this.hint = details.hint;
    this.place = details.place;
    this.exitCode = ERROR_CODES[code].exitCode;
    this.httpStatus = ERROR_CODES[code].httpStatus;
  }
}

/** Renders a place as `file:line: field`, leaving out what is not known. */
export function formatPlace(place: ErrorPlace | undefined): string {
  if (place === undefined) return '';
  const where = [place.file, place.line].filter((part) => part !== undefined).join(':');
  return [where, place.field].filter((part) => part !== undefined && part !== '').join(': ');
}
