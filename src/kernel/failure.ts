/** Errors in the form that crosses threads. */
import type { ErrorCode } from './error-codes.ts';
import { type ErrorPlace, HoldfastError } from './errors.ts';

/** An error as plain data. */
export interface Failure {
  /** Undefined for an error that is not one of the catalogue. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly place: ErrorPlace | undefined;
  readonly stack: string | undefined;
}

export function toFailure(error: unknown): Failure {
  const known = error instanceof HoldfastError ? error : undefined;
  return {
    code: known?.code,
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint,
    place: known?.place,
    stack: error instanceof Error ? error.stack : undefined,
  };
}

export function fromFailure(failure: Failure): Error {
  const { code, message, hint, place, stack } = failure;
  if (code === undefined) return Object.assign(new Error(message), stack === undefined ? {} : { stack });
  return new HoldfastError(code, {
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(place === undefined ? {} : { place }),
  });
}
