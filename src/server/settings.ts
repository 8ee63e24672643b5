/** What a server is told, and what it is given to work with. */
import type { Clock } from '../kernel/index.ts';
import type { LookLog, SinkFigures } from '../store/index.ts';
import type {
  AnswerCacheFigures,
  Desk,
  OutcomeTaker,
  RequestValue,
  ScoringAnswer,
  ScoringService,
} from '../workflow/index.ts';
import type { KeyRing } from './key-ring.ts';
import type { Sessions } from './session.ts';

/** Limits of a server. Durations in the unit of their name. */
export interface ServerSettings {
  /** Rows of a batch at most. */
  readonly maxBatchSize: number;
  /** Bytes of a body at most. */
  readonly bodyBytes: number;
  /** Requests a key may send in a minute. */
  readonly rateLimit: number;
  /** Origins whose pages may read answers. */
  readonly allowedOrigins: readonly string[];
  /** The headers of a request must have come within this time. */
  readonly headersSeconds: number;
  /** The whole request must have come within this time. */
  readonly requestSeconds: number;
  /** A connection without a request is closed after this time. */
  readonly idleSeconds: number;
  /** Connections at most. */
  readonly maxConnections: number;
  /** How far the process may be behind before it turns requests away. */
  readonly maxDelayMs: number;
  /** Rows that may wait for their scores at once. */
  readonly maxWaitingRows: number;
}

/** What a log takes; pino is one. */
export interface ServerLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** One prediction that was answered, for whoever keeps them. */
export interface PredictionEntry {
  readonly requestId: string;
  readonly answeredAt: string;
  /** As it came in the request: what keeps it sees to it that nobody can read it. */
  readonly entityId: string;
  /** As the request gave them; null where they were looked up. */
  readonly features: Readonly<Record<string, RequestValue>> | null;
  readonly answer: ScoringAnswer;
  readonly latencyMs: number;
}

/** Takes answered predictions. Must not wait: the request does. */
export interface PredictionRecorder {
  record(entry: PredictionEntry): void;
  /** Sees to it that all of them outlive the process; no answer leaves before. Absent where `record` does. */
  flush?(): void;
  /** Those that were given up, since nothing took them. */
  readonly lost?: number;
}

/** Stores outside of the server, for its metrics. */
export interface ServerStores {
  /** Undefined where answers are not kept. */
  cache(): AnswerCacheFigures | undefined;
  /** Undefined where there is no database. */
  sink(): SinkFigures | undefined;
}

export interface ServerParts {
  readonly service: ScoringService;
  readonly keys: KeyRing;
  readonly settings: ServerSettings;
  readonly log: ServerLog;
  readonly clock: Clock;
  readonly recorder?: PredictionRecorder;
  /** Without it no outcomes are taken. */
  readonly outcomes?: OutcomeTaker;
  readonly stores?: ServerStores;
  /** Without it there is no dashboard: an exported set stands alone. */
  readonly desk?: Desk;
  /** Of people in a browser; without them nobody signs in. */
  readonly sessions?: Sessions;
  /** Who looked at which entity. A server with a desk and without it shows no single entities. */
  readonly looks?: LookLog;
}
