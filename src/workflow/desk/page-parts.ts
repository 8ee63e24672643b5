/** What the pages of single entities, of models and of data are made from, and what they keep between two requests. */
import { type LakeViews, openLakeViews } from '../../desk/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import { loadSet, type LoadedSet, type StoredModel } from '../../model/index.ts';
import { LABELS_TABLE } from '../../prepare/index.ts';
import type { DeskParts } from './desk-parts.ts';

/** A model without what only scoring needs, which is large. */
export type ModelFacts = Omit<StoredModel, 'modelText' | 'samples'>;

/** A set, shortest horizon first. */
export interface SetFacts {
  readonly id: number;
  readonly hash: string;
  readonly models: readonly ModelFacts[];
}

export interface PageParts extends DeskParts {
  readonly views: LakeViews;
  /** A set by its number; undefined where its files are gone or damaged. */
  readonly setFacts: (id: number) => Promise<SetFacts | undefined>;
}

/** Sets never change: each is read once. */
export function pageParts(parts: DeskParts): PageParts {
  const sets = new Map<number, Promise<SetFacts | undefined>>();
  return {
    ...parts,
    views: openLakeViews(parts.engine, parts.lake),
    setFacts(id) {
      const known = sets.get(id);
      if (known !== undefined) return known;
      const read = loadSet(parts.registry.models, id).then(factsOf, (error: unknown) => {
        sets.delete(id);
        if (error instanceof HoldfastError) return undefined;
        throw error;
      });
      sets.set(id, read);
      return read;
    },
  };
}

const factsOf = ({ set, models }: LoadedSet): SetFacts => ({
  id: set.id,
  hash: set.hash,
  models: models.map(({ modelText: _text, samples: _samples, ...facts }) => facts),
});

/** The last complete day of data; null where nothing says it yet. */
export async function observedDay({ lake }: Pick<DeskParts, 'lake'>): Promise<string | null> {
  if (!(await lake.exists(LABELS_TABLE))) return null;
  const day = (await lake.snapshot(LABELS_TABLE)).info.holdfast['observedTo'];
  return typeof day === 'string' && day !== '' ? day : null;
}

/** Gives what was made last as long as its stamp stays the same; what fails is made anew. */
export function remembered<T>(): (stamp: string, make: () => Promise<T>) => Promise<T> {
  let last: { readonly stamp: string; readonly made: Promise<T> } | undefined;
  return (stamp, make) => {
    if (last?.stamp === stamp) return last.made;
    const made = make();
    const own = { stamp, made };
    last = own;
    made.catch(() => {
      if (last === own) last = undefined;
    });
    return made;
  };
}
