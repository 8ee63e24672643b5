/** W3C Trace Context: a request goes on in the trace that it came with, or begins one. */
import { randomUUID } from 'node:crypto';

export interface Trace {
  /** 32 hexadecimal digits, the same through all services of a request. */
  readonly traceId: string;
  /** 16 hexadecimal digits: this server's part. */
  readonly spanId: string;
  /** The part of whoever called; absent where the trace begins here. */
  readonly parentId?: string;
  /** Two hexadecimal digits; the last bit says that the trace is recorded. */
  readonly flags: string;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The trace of a request by its header `traceparent`; one that cannot be read counts as none. */
export function traceOf(header: string | undefined): Trace {
  const found = TRACEPARENT.exec(header ?? '');
  const [, traceId, parentId, flags, more] = found ?? [];
  // Version 00 ends with the flags; what later versions add behind a dash is skipped.
  const isKnown = found !== null && (more === undefined || header?.startsWith('00') === false);
  if (!isKnown || traceId === undefined || parentId === undefined || flags === undefined) {
    return { traceId: randomHex(), spanId: randomHex().slice(16), flags: '00' };
  }
  return { traceId, spanId: randomHex().slice(16), parentId, flags };
}

/** 32 hexadecimal digits; UUIDs come from a supply of random bytes, which single draws do not. */
function randomHex(): string {
  return randomUUID().replaceAll('-', '');
}

/** The header for whoever is asked, or answered, next. */
export function traceparent({ traceId, spanId, flags }: Trace): string {
  return `00-${traceId}-${spanId}-${flags}`;
}
