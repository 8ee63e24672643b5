/** The table of the rows that are asked for, with a statement over it that is planned once. */
import type { Engine, PreparedStatement, Row } from '../engine/index.ts';

/** Holds row_index (from 0) and every column of the source as text, as a CSV file would. */
export const ASKED_ROWS = 'holdfast_rows_asked_for';
const STAGED_ROWS = 'holdfast_rows_to_ask_for';

/** Rows that were taken out of the table slow it down a little, so that it is made anew after so many. */
const ROWS_UNTIL_RENEWAL = 2000;

type TextColumns = Readonly<Record<string, readonly (string | null)[]>>;

interface Plans {
  readonly clear: PreparedStatement;
  readonly add: PreparedStatement;
  readonly select: PreparedStatement;
}

/** Runs one SELECT over changing rows. */
export class AskedRows implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #columns: readonly string[];
  #select = '';
  #plans: Plans | undefined;
  #rowsSinceRenewal = 0;

  private constructor(engine: Engine, columns: readonly string[]) {
    this.#engine = engine;
    this.#columns = columns;
  }

  /** Makes the table, for views to be defined over it; `use` says what is asked of it. */
  static async open(engine: Engine, columns: readonly string[]): Promise<AskedRows> {
    const asked = new AskedRows(engine, columns);
    await asked.#renew();
    return asked;
  }

  /** Plans the SELECT that `rowsOf` runs. */
  async use(select: string): Promise<void> {
    this.#select = select;
    this.#plans = await this.#plan();
  }

  /** Rows of the SELECT with exactly the given rows in the table. */
  async rowsOf(columns: TextColumns, count: number): Promise<Row[]> {
    if (this.#rowsSinceRenewal > ROWS_UNTIL_RENEWAL) await this.#renew();
    this.#plans ??= await this.#plan();
    const { clear, add, select } = this.#plans;
    this.#rowsSinceRenewal += count;
    await clear.rows();
    if (count === 1)
      await add.rows(
        Object.fromEntries(
          this.#columns.map((name, index) => [`value_${String(index)}`, columns[name]?.[0] ?? null]),
        ),
      );
    else {
      await this.#engine.loadTexts(STAGED_ROWS, columns);
      await this.#engine.execute(`INSERT INTO ${ASKED_ROWS} SELECT * FROM ${STAGED_ROWS}`);
    }
    return select.rows();
  }

  async #plan(): Promise<Plans> {
    const values = this.#columns.map((_, index) => `CAST($value_${String(index)} AS STRING)`);
    return {
      clear: await this.#engine.prepare(`DELETE FROM ${ASKED_ROWS}`),
      add: await this.#engine.prepare(`INSERT INTO ${ASKED_ROWS} SELECT 0, ${values.join(', ')}`),
      select: await this.#engine.prepare(this.#select),
    };
  }

  async #renew(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.#engine.loadTexts(ASKED_ROWS, Object.fromEntries(this.#columns.map((name) => [name, []])));
    this.#rowsSinceRenewal = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const plans = this.#plans;
    this.#plans = undefined;
    for (const plan of Object.values<PreparedStatement>({ ...plans })) await plan[Symbol.asyncDispose]();
  }
}
