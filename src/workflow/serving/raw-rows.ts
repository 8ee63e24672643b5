/** Features of rows as they would be delivered, by the pack's own SQL on an engine of their own. */
import { openRowLocal, type RowLocalFeatures } from '../../build/index.ts';
import { type Engine, textOf, type Value } from '../../engine/index.ts';
import { type Clock, HoldfastError } from '../../kernel/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { RawReader, RequestValue } from './service.ts';

export type RawRows = RawReader & AsyncDisposable;

interface Opened {
  readonly day: string;
  readonly engine: Engine;
  readonly rowLocal: RowLocalFeatures;
}

/** Opens at the first row, and again on a new day, since the observation date is today. */
export function openRawRows(
  pack: Pack,
  clock: Clock,
  openEngine: (threads: number) => Promise<Engine>,
): RawRows {
  let opened: Promise<Opened> | undefined;
  let openedDay = '';
  let impossible: Promise<Opened> | undefined;
  const open = async (day: string): Promise<Opened> => {
    const engine = await openEngine(1);
    try {
      return { day, engine, rowLocal: await openRowLocal(engine, pack, day) };
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  };
  const close = async (before: Promise<Opened> | undefined): Promise<void> => {
    const found = await before?.catch(() => undefined);
    await found?.rowLocal[Symbol.asyncDispose]();
    await found?.engine[Symbol.asyncDispose]();
  };
  const today = (): Promise<Opened> => {
    if (impossible !== undefined) return impossible;
    const day = clock.now().toISOString().slice(0, 10);
    if (opened !== undefined && openedDay === day) return opened;
    const before = opened;
    openedDay = day;
    const next = open(day);
    opened = next;
    next.catch((error: unknown) => {
      // The next row tries again, but for SQL that is none of one row, which no day changes.
      if (error instanceof HoldfastError && error.code === 'HF402') impossible = next;
      else if (opened === next) opened = undefined;
    });
    void close(before);
    return next;
  };
  return {
    async contract() {
      const { key, columns, otherColumns } = (await today()).rowLocal;
      return { key, columns, otherColumns };
    },
    async features(row) {
      const { rowLocal } = await today();
      const [made] = await rowLocal.features([row]);
      if (made !== undefined) {
        const values = Object.entries(made.values).map(([name, value]) => [name, requestValueOf(value)]);
        return { features: Object.fromEntries(values) as Record<string, RequestValue>, unread: made.unread };
      }
      throw new HoldfastError('HF504', {
        message: 'an expectation of the pack leaves this row out',
        hint: 'see which rows expectations.yaml drops',
      });
    },
    [Symbol.asyncDispose]: () => close(opened),
  };
}

/** A value of the engine as a request would give it: nothing of it is lost. */
function requestValueOf(value: Value): RequestValue {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'bigint' && BigInt.asIntN(53, value) === value) return Number(value);
  return textOf(value);
}
