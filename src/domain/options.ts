/** Checks of the numbers that set what is computed. */
import { HoldfastError } from '../kernel/index.ts';

/** Refuses what is not above 0 and at most 1 (HF103). */
export function assertPart(value: number, name: string): void {
  if (value > 0 && value <= 1) return;
  throw new HoldfastError('HF103', {
    message: `${name} is ${value}, not above 0 and at most 1`,
    hint: `Give the ${name} as a part of one, such as 0.1 for a tenth.`,
  });
}

/** Refuses what is not a whole number of at least `least` (HF103). */
export function assertCount(value: number, name: string, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new HoldfastError('HF103', {
    message: `${name} is ${value}, not a whole number from ${least} up`,
    hint: `Give ${name} as a whole number.`,
  });
}

/** Refuses what is not a finite number that passes the test (HF103). */
export function assertAmount(
  value: number,
  name: string,
  { least, above = false }: { readonly least: number; readonly above?: boolean },
): void {
  if (Number.isFinite(value) && (above ? value > least : value >= least)) return;
  throw new HoldfastError('HF103', {
    message: `${name} is ${value}, not a number ${above ? 'above' : 'from'} ${least}${above ? '' : ' up'}`,
    hint: `Change ${name}.`,
  });
}
