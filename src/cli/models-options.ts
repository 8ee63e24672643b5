/** What the commands of the registry have in common. */
import { HoldfastError } from '../kernel/index.ts';
import type { CommandOption, Input } from './command.ts';

/** Who decides and why. */
export const authorOptions = (isWhyNeeded: boolean): CommandOption[] => [
  {
    flags: '--why <text>',
    help: 'why, for the history',
    ...(isWhyNeeded ? { isRequired: true as const } : {}),
  },
  { flags: '--by <name>', help: 'who decides; default: the user of this machine' },
];

export interface TypedAuthor {
  readonly why?: string;
  readonly by?: string;
}

export function authorOf(input: Input): TypedAuthor {
  const why = input.text('why')?.trim();
  const by = input.text('by')?.trim();
  if (by === '')
    throw new HoldfastError('HF101', {
      message: '--by is empty',
      hint: 'say who decides, or leave it out for the user of this machine',
      place: { field: '--by' },
    });
  return {
    ...(why === undefined || why === '' ? {} : { why }),
    ...(by === undefined || by === '' ? {} : { by }),
  };
}

/** The same where the history must say why. HF101 for an empty text. */
export function needWhy(input: Input): TypedAuthor & { readonly why: string } {
  const { why, ...rest } = authorOf(input);
  if (why !== undefined) return { ...rest, why };
  throw new HoldfastError('HF101', {
    message: 'the history needs to know why',
    hint: 'add --why "..."',
    place: { field: '--why' },
  });
}

/** A summary of a step as a sentence. */
export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
