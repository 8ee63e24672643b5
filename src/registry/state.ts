/**
 * What the registry knows, as a pure function of its history: which sets there are, at which stage, and which one is
 * champion. At most one set is champion and at most one challenger, so that the same holds of each horizon's models.
 */
import { HoldfastError } from '../kernel/index.ts';

/** The stages of MLflow: registered, fit to challenge, in use, and no longer of use. */
export type Stage = 'none' | 'staging' | 'production' | 'archived';

/** What a list shows of a set without reading its models. */
export interface SetSummary {
  readonly id: number;
  readonly hash: string;
  /** Version by model name, such as `churn_model_30d`. */
  readonly versions: Readonly<Record<string, number>>;
  readonly pack: string;
  readonly packHash: string;
  /** AUC-PR on the test rows of its training, by model name; null where the outcomes were not known. */
  readonly testAucPr: Readonly<Record<string, number | null>>;
  /** How it came about, such as `trained` or `pulled from ...`. */
  readonly origin: string;
}

/** The file that a decision rests on. */
export interface EvidenceReference {
  /** Below the models folder. */
  readonly file: string;
  /** SHA-256 of the file. */
  readonly hash: string;
}

/** What a line of the history changes. */
export type Change =
  | { readonly kind: 'registered'; readonly summary: SetSummary }
  /** The gates were asked, of a set that would be champion or of the champion alone, and the champion stays. */
  | {
      readonly kind: 'champion_kept';
      readonly set: number;
      readonly isFit: boolean;
      readonly evidence: EvidenceReference;
    }
  /** The gates were passed; somebody else must approve. */
  | {
      readonly kind: 'proposed';
      readonly set: number;
      readonly evidence: EvidenceReference;
      readonly overruled?: readonly string[];
    }
  | {
      readonly kind: 'promoted';
      readonly set: number;
      readonly evidence: EvidenceReference;
      /** Number of the proposal that was approved. */
      readonly approves?: number;
      /** Gates that the set failed and that somebody overruled. */
      readonly overruled?: readonly string[];
    }
  | { readonly kind: 'rolled_back'; readonly set: number }
  | { readonly kind: 'archived'; readonly set: number }
  /** The files of an archived set were deleted. */
  | { readonly kind: 'removed'; readonly set: number };

/** The compiler sees to it that none is missing. */
export const CHANGE_KINDS: ReadonlySet<string> = new Set(
  Object.keys({
    registered: true,
    champion_kept: true,
    proposed: true,
    promoted: true,
    rolled_back: true,
    archived: true,
    removed: true,
  } satisfies Record<Change['kind'], true>),
);

export interface Aliases {
  readonly champion: number | null;
  readonly challenger: number | null;
}

/** A line of the history. */
export type RegistryEvent = Change & {
  /** 1, 2, 3 ... without gaps. */
  readonly number: number;
  /** Tells events apart that two processes wrote under one number; the first stands. */
  readonly id: string;
  /** SHA-256 of the event before, null for the first: a line that is changed later breaks the chain. */
  readonly previous: string | null;
  readonly at: string;
  readonly by: string;
  readonly why: string | null;
  /** Run that it is a part of. */
  readonly run: string | null;
  readonly before: Aliases;
  readonly after: Aliases;
};

export interface RegisteredSet extends SetSummary {
  readonly stage: Stage;
  readonly registeredAt: string;
  readonly registeredBy: string;
  readonly isRemoved: boolean;
  /** Whether the gates, or somebody's word, have made it champion before. */
  readonly wasChampion: boolean;
}

export interface Proposal {
  readonly number: number;
  readonly set: number;
  readonly by: string;
  readonly at: string;
  readonly evidence: EvidenceReference;
  readonly overruled: readonly string[];
}

export interface RegistryState extends Aliases {
  /** Number of the newest event. */
  readonly number: number;
  readonly sets: ReadonlyMap<number, RegisteredSet>;
  /** Champions one after the other, the present one last; a roll-back takes off what it undoes. */
  readonly reigns: readonly number[];
  readonly proposal: Proposal | null;
}

export const EMPTY_STATE: RegistryState = {
  number: 0,
  sets: new Map(),
  champion: null,
  challenger: null,
  reigns: [],
  proposal: null,
};

/** The state that a history leads to, from that of its beginning on where it is at hand. */
export function replay(events: readonly RegistryEvent[], from: RegistryState = EMPTY_STATE): RegistryState {
  const draft = draftOf(from);
  for (let index = from.number; index < events.length; index += 1)
    apply(draft, events[index] as RegistryEvent);
  return { ...draft, number: events.length };
}

/** The aliases after a change. HF507 for a set that is not there, HF509 for a change that the state does not allow. */
export function aliasesAfter(state: RegistryState, change: Change): Aliases {
  if (change.kind !== 'registered') requireSet(state, change.set);
  if ((change.kind === 'archived' || change.kind === 'removed') && state.champion === change.set)
    throw new HoldfastError('HF509', {
      message: `set ${String(change.set)} is the champion`,
      hint: 'promote another set, or roll back, first',
    });
  if (change.kind === 'rolled_back' && state.sets.get(change.set)?.wasChampion !== true)
    throw new HoldfastError('HF509', {
      message: `set ${String(change.set)} never was champion: there is nothing to go back to`,
      hint: `have the gates judge it: holdfast models promote ${String(change.set)}`,
    });
  const event = { ...change, number: 0, id: '', at: '', by: '' } as const;
  const draft = draftOf(state);
  apply(draft, event);
  return { champion: draft.champion, challenger: draft.challenger };
}

/** The set under a number. HF507 where there is none, or its files were deleted. */
export function requireSet({ sets }: RegistryState, id: number): RegisteredSet {
  const set = sets.get(id);
  if (set === undefined || set.isRemoved)
    throw new HoldfastError('HF507', {
      message: `there is no model set ${String(id)}${set === undefined ? '' : ' any more: its files were deleted'}`,
      hint: 'holdfast models list names those there are',
    });
  return set;
}

/** The champion that a roll-back returns to; undefined where there was none before, or its files are gone. */
export function previousChampion({ reigns, sets }: RegistryState): number | undefined {
  return reigns.slice(0, -1).findLast((id) => sets.get(id)?.isRemoved === false);
}

type AppliedEvent = Change & Pick<RegistryEvent, 'number' | 'at' | 'by'>;

/** A state in the making: copies for each of many thousand events would take their time. */
interface Draft {
  champion: number | null;
  challenger: number | null;
  reigns: number[];
  proposal: Proposal | null;
  readonly sets: Map<number, RegisteredSet>;
}

const draftOf = ({ champion, challenger, reigns, proposal, sets }: RegistryState): Draft => ({
  champion,
  challenger,
  reigns: [...reigns],
  proposal,
  sets: new Map(sets),
});

function apply(draft: Draft, event: AppliedEvent): void {
  const { champion, sets } = draft;
  if (event.kind !== 'registered' && !sets.has(event.set))
    throw new HoldfastError('HF503', {
      message: `the history of the models is damaged: event ${String(event.number)} is about set ${String(event.set)}, which no event registered`,
      hint: 'restore models/history.jsonl from a backup',
    });
  switch (event.kind) {
    case 'registered': {
      const { summary, at, by } = event;
      const known = sets.get(summary.id);
      // Training is deterministic: what was taken out of the running must not come back by itself.
      if (known !== undefined) {
        const isTaken = known.id !== champion && known.stage !== 'archived' && !known.isRemoved;
        if (isTaken) draft.challenger = known.id;
        return;
      }
      sets.set(summary.id, {
        ...summary,
        stage: 'none',
        registeredAt: at,
        registeredBy: by,
        isRemoved: false,
        wasChampion: false,
      });
      draft.challenger = summary.id;
      return;
    }
    case 'champion_kept':
      if (event.set !== champion && sets.get(event.set)?.stage !== 'archived')
        setStage(draft, event.set, event.isFit ? 'staging' : 'none');
      withdraw(draft, event.set);
      return;
    case 'proposed': {
      setStage(draft, event.set, 'staging');
      const { number, set, at, evidence, overruled = [] } = event;
      // Who proposed a set first must not approve it after somebody proposed it once more.
      const by = draft.proposal?.set === set ? draft.proposal.by : event.by;
      draft.proposal = { number, set, by, at, evidence, overruled };
      return;
    }
    case 'promoted': {
      const place = draft.reigns.indexOf(event.set);
      if (place >= 0) draft.reigns.splice(place, 1);
      draft.reigns.push(event.set);
      crown(draft, event.set);
      return;
    }
    case 'rolled_back': {
      const place = draft.reigns.indexOf(event.set);
      if (place < 0) draft.reigns.push(event.set);
      else draft.reigns.length = place + 1;
      crown(draft, event.set);
      return;
    }
    case 'archived':
      setStage(draft, event.set, 'archived');
      break;
    case 'removed': {
      const set = sets.get(event.set);
      if (set !== undefined) sets.set(set.id, { ...set, stage: 'archived', isRemoved: true });
    }
  }
  if (draft.challenger === event.set) draft.challenger = null;
  withdraw(draft, event.set);
}

function setStage({ sets }: Draft, id: number | null, stage: Stage): void {
  const set = id === null ? undefined : sets.get(id);
  if (set !== undefined) sets.set(set.id, { ...set, stage });
}

function withdraw(draft: Draft, id: number): void {
  if (draft.proposal?.set === id) draft.proposal = null;
}

function crown(draft: Draft, id: number): void {
  if (draft.champion !== id) setStage(draft, draft.champion, 'archived');
  setStage(draft, id, 'production');
  const crowned = draft.sets.get(id);
  if (crowned !== undefined) draft.sets.set(id, { ...crowned, wasChampion: true });
  draft.champion = id;
  if (draft.challenger === id) draft.challenger = null;
  // What was proposed was measured against the champion of then.
  draft.proposal = null;
}
