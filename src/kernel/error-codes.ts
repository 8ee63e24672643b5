/**
 * The catalogue of error codes. A code is never reused for another meaning; a retired one stays
 * in RETIRED_CODES. `docs/reference/errors.md` is checked against this list by a test.
 */
interface CodeFacts {
  /** What the code stands for, in a few words. */
  readonly title: string;
  readonly exitCode: 1 | 2 | 3 | 130;
  readonly httpStatus: number;
}

const usage = (title: string): CodeFacts => ({ title, exitCode: 2, httpStatus: 400 });
const check = (title: string): CodeFacts => ({ title, exitCode: 1, httpStatus: 409 });
/** Another system failed: the same command may succeed once that is well again. */
const outside = (title: string): CodeFacts => ({ title, exitCode: 1, httpStatus: 503 });
/** A request that a server refuses; the same request stays refused. */
const refusal = (title: string, httpStatus: number): CodeFacts => ({ title, exitCode: 2, httpStatus });
const fault = (title: string): CodeFacts => ({ title, exitCode: 3, httpStatus: 500 });

export const ERROR_CODES = {
  // 1xx: command line, configuration, packs
  HF101: usage('unknown command, option or argument'),
  HF102: usage('configuration key is unknown'),
  HF103: usage('configuration value cannot be read'),
  HF104: usage('file is not valid YAML'),
  HF105: usage('pack is missing or incomplete'),
  HF106: usage('pack file does not fit its schema'),
  HF107: usage('prerequisite is missing on this machine'),
  HF108: usage('workspace is missing what this step needs'),
  HF109: check('another process is writing to this workspace'),
  // 2xx: input data
  HF201: usage('source file is missing'),
  HF202: usage('source file cannot be read'),
  HF203: usage('source column is missing'),
  HF204: usage('too many bad rows or values'),
  HF205: check('data-quality expectation failed'),
  HF206: usage('source file has no rows'),
  HF207: usage('data cannot support this step'),
  // 3xx: lake
  HF301: usage('table does not exist'),
  HF302: usage('table version does not exist'),
  HF303: check('another writer committed first'),
  HF304: usage('table needs a newer reader'),
  HF305: usage('column type has no Delta equivalent'),
  HF306: fault('table log is damaged'),
  HF307: usage('name is not a valid table name'),
  HF308: check('table does not accept this write'),
  HF309: fault('table data file is damaged'),
  // 4xx: SQL and engine
  HF401: usage('SQL statement failed'),
  HF402: usage('SQL file does not follow the rules'),
  HF403: usage('tables depend on each other in a circle'),
  HF404: usage('engine does not offer this capability'),
  HF405: usage('query is not read-only'),
  HF406: usage('engine ran out of memory'),
  // 5xx: learners and models
  HF501: usage('learner library is missing or not usable'),
  HF502: fault('learner call failed'),
  HF503: usage('model folder is missing or damaged'),
  HF504: usage('model does not fit the features'),
  HF505: usage('training data has one class only'),
  HF506: check('leakage audit found what nobody acknowledged'),
  HF507: usage('there is no such model set or version'),
  HF508: check('model registry has changed meanwhile'),
  HF509: check('promotion is refused'),
  HF510: usage('what was asked for does not apply to this learner'),
  // 6xx: answering requests
  HF602: outside('nothing is loaded yet that could answer'),
  HF603: refusal('there is no such entity in the newest snapshot', 404),
  HF610: refusal('request cannot be read', 400),
  HF611: refusal('request does not fit the contract', 422),
  HF612: refusal('request has no valid key', 401),
  HF613: refusal('key does not have this right', 403),
  HF614: refusal('there is no such address', 404),
  HF615: refusal('address does not take this method', 405),
  HF616: refusal('request is too large', 413),
  HF617: refusal('body is not of a form that is read', 415),
  HF618: refusal('too many requests', 429),
  HF619: outside('server is overloaded'),
  HF620: refusal('request took too long to arrive', 408),
  HF621: refusal('request headers are too large', 431),
  HF622: refusal('model set to be loaded is refused', 409),
  HF623: outside('outcomes cannot be stored'),
  HF630: refusal('somebody else is at work on it', 409),
  HF631: outside('work, or a look, cannot be stored'),
  // 7xx: services of others
  HF701: outside('service cannot be reached or does not answer'),
  HF702: usage('service refused the request'),
  HF703: { title: 'service did not accept or give what was needed', exitCode: 1, httpStatus: 502 },
  // 9xx: everything else
  HF900: fault('internal fault'),
  HF930: { title: 'interrupted', exitCode: 130, httpStatus: 503 },
} as const satisfies Record<string, CodeFacts>;

export type ErrorCode = keyof typeof ERROR_CODES;
