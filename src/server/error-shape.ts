/** The one shape of an error, on every route and below them: `{error: {code, message, hint, field?, request_id}}`. */
import { HoldfastError, type ErrorCode } from '../kernel/index.ts';

export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string;
    /** The field of the request: `tenure_days`, in a batch `[3].tenure_days`. */
    readonly field?: string;
    readonly request_id: string;
  };
}

export function errorBody(error: HoldfastError, requestId: string): ErrorBody {
  return { error: { ...problemOf(error), request_id: requestId } };
}

/** What an error says, without the request that it belongs to. */
export function problemOf(error: HoldfastError): Omit<ErrorBody['error'], 'request_id'> {
  const field = error.place?.field;
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? 'see the reference of error codes',
    ...(field === undefined ? {} : { field }),
  };
}

/** An error about a field of a request. */
export function misfit(field: string, message: string, hint: string): HoldfastError {
  return new HoldfastError('HF611', { message, hint, ...(field === '' ? {} : { place: { field } }) });
}

/** The same error about a row of a batch. */
export function atRow(error: HoldfastError, index: number): HoldfastError {
  const field = error.place?.field;
  const row = `[${String(index)}]`;
  return new HoldfastError(error.code, {
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    place: { field: field === undefined ? row : `${row}.${field}` },
    cause: error,
  });
}

/** What the framework and the parser of HTTP refuse, by their codes. */
const OF_FRAMEWORK: Readonly<Record<string, { code: ErrorCode; message: string; hint: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'HF616',
    message: 'the body is larger than this server reads',
    hint: 'send fewer rows at once',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'HF617',
    message: 'the body has no content type that this server reads',
    hint: 'send JSON with Content-Type: application/json',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'HF610',
    message: 'the body is shorter or longer than Content-Length says',
    hint: 'send the length of the body in bytes',
  },
  FST_ERR_BAD_URL: {
    code: 'HF614',
    message: 'the path cannot be read',
    hint: 'GET /openapi.json lists all paths',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'HF614',
    message: 'the path is too long',
    hint: 'GET /openapi.json lists all paths',
  },
  HPE_HEADER_OVERFLOW: {
    code: 'HF621',
    message: 'the headers are larger than this server reads',
    hint: 'send fewer or smaller headers',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    code: 'HF620',
    message: 'the request did not arrive in time',
    hint: 'send the whole request at once',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: 'HF616',
    message: 'the chunk extensions of the body are too large',
    hint: 'send the body without chunk extensions',
  },
};

/**
 * Any failure of a request as a HoldfastError; what nobody foresaw is HF900 and tells nothing of itself. So is what the
 * table calls a matter of whoever calls the program, such as HF401: whoever asks a server can do nothing about it.
 */
export function asProblem(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return isOfRequest(error) ? error : internal(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = OF_FRAMEWORK[code];
  if (known !== undefined) {
    return new HoldfastError(known.code, { message: known.message, hint: known.hint, cause: error });
  }
  if (code.startsWith('HPE_') || isStatus(error, 400)) {
    return new HoldfastError('HF610', {
      message: 'the request is not valid HTTP',
      hint: 'send it with an HTTP client',
      cause: error,
    });
  }
  // A path that leads out of the files of the documentation page.
  if (isStatus(error, 403) || isStatus(error, 404)) {
    return new HoldfastError('HF614', {
      message: 'there is no such address',
      hint: 'GET /openapi.json lists all addresses',
      cause: error,
    });
  }
  return internal(error);
}

/** Whether an error is about the request, or says by itself that the server failed. */
const isOfRequest = ({ code, httpStatus }: HoldfastError): boolean =>
  httpStatus >= 500 || code === 'HF504' || code.startsWith('HF6');

const internal = (cause: unknown): HoldfastError =>
  new HoldfastError('HF900', {
    message: 'something went wrong inside the server',
    hint: "the server's log has the details under this request id",
    cause,
  });

function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === status;
}
