/** Work that people do about entities. */
import { z } from 'zod';
import { CONTACT_OUTCOMES, WORK_ACTIONS } from '../../domain/index.ts';
import { count, date, instant } from './scalars.ts';

/** What people did about an entity, as it stands now. */
export const Work = z.object({
  /** `none`: of a tier that nobody contacts. */
  status: z.enum(['due', 'snoozed', 'suppressed', 'done', 'none']),
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Last day of a snooze. */
  until: date.nullable(),
  /** Why it is snoozed or suppressed. */
  reason: z.string().nullable(),
  /** What made it so, such as `suppressed by Ann` or `left`. */
  rule: z.string().nullable(),
  last_outcome: z.enum(CONTACT_OUTCOMES).nullable(),
  last_contact_at: instant.nullable(),
  contacts: count,
});
export type Work = z.infer<typeof Work>;

/** A line of the record of work. */
export const WorkEvent = z.object({
  at: instant,
  by: z.object({ id: z.string(), name: z.string() }),
  action: z.enum(WORK_ACTIONS),
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  until: date.nullable(),
  reason: z.string().nullable(),
  outcome: z.enum(CONTACT_OUTCOMES).nullable(),
  note: z.string().nullable(),
});
export type WorkEvent = z.infer<typeof WorkEvent>;

/** What somebody does about an entity. */
export const WorkRequest = z.discriminatedUnion('action', [
  /** Without `to` to whoever asks. */
  z.strictObject({ action: z.literal('assign'), to: z.string().optional() }),
  z.strictObject({ action: z.literal('release') }),
  z.strictObject({ action: z.literal('snooze'), until: date, reason: z.string().min(1).max(500) }),
  z.strictObject({ action: z.literal('suppress'), reason: z.string().min(1).max(500) }),
  z.strictObject({ action: z.literal('resume') }),
  z.strictObject({
    action: z.literal('contact'),
    outcome: z.enum(CONTACT_OUTCOMES),
    note: z.string().max(2000).optional(),
  }),
]);
export type WorkRequest = z.infer<typeof WorkRequest>;

/** Who may be given work: holders of valid keys whose role may record it. */
export const People = z.object({
  /** By name; of those with the same name by id. */
  people: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
});
export type People = z.infer<typeof People>;
