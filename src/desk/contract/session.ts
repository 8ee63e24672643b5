/** Who looks. */
import { z } from 'zod';

/** Who looks, and what they may do. */
export const Session = z.object({
  /** There are no keys: everybody on this machine may do everything. */
  is_open: z.boolean(),
  is_signed_in: z.boolean(),
  id: z.string().nullable(),
  name: z.string().nullable(),
  role: z.string().nullable(),
  permissions: z.array(z.string()),
});
export type Session = z.infer<typeof Session>;

export const SignIn = z.strictObject({ key: z.string().describe('as it was shown when it was made') });
