/** The part of `pack.yaml` that says what people see and change in the dashboard. */
import { z } from 'zod';

const strict = z.strictObject;
const featureName = z.string().regex(/^[a-z][a-z0-9_]*$/);

export const DashboardSettings = strict({
  inputs: z
    .array(featureName)
    .min(1)
    .optional()
    .describe('features that a what-if begins with, in this order; without it the first 15 of the contract'),
  frozen: z
    .array(featureName)
    .default([])
    .describe('features that nobody can change: a what-if shows them and locks them'),
  rest_days: z
    .int()
    .nonnegative()
    .default(30)
    .describe('days for which an entity whose matter a contact settled is not due again'),
});
export type DashboardSettings = z.infer<typeof DashboardSettings>;
