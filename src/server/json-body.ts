import type { z } from 'zod';
import { misfit } from './error-shape.ts';

/**
 * A body of the read API by its schema.
 *
 * @throws HF611 with the first field that does not fit.
 */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.');
  const message =
    unknown === undefined ? (issue?.message ?? 'the body does not fit') : 'the field is unknown';
  // What the checks say may hold what was sent, and ends up nowhere but in the answer.
  const first = message.charAt(0).toLowerCase() + message.slice(1, 200);
  throw misfit(field.slice(0, 80), first, 'GET /openapi.json says what the address takes');
}
