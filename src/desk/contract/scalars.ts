/** What the documents are made of. */
import { z } from 'zod';

export const date = z.iso.date();
export const instant = z.iso.datetime();
export const share = z.number().min(0).max(1);
export const count = z.int().min(0);
export const days = z.int().min(1);
export const money = z.number();

/** Value of a feature, or of another column, as JSON holds it. */
export const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
