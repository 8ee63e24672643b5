import { type Html, html } from './html.ts';

/** A column: its heading, and whether its cells are figures, which stand on the right. */
export interface Column {
  readonly heading: string;
  readonly numeric?: boolean;
}

export interface Cell {
  readonly text: string | Html;
  /** Colours the cell; the text must say the same. */
  readonly mood?: 'good' | 'bad';
}

/** A table of text; `null` is a missing value and shows as a dash. */
export function renderTable(parts: {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | Html | Cell | null)[])[];
  readonly caption?: string;
}): Html {
  const { columns, rows, caption } = parts;
  return html`<div class="scroll">
    <table>
      ${
        caption === undefined
          ? undefined
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          ${columns.map(
            ({ heading, numeric }) =>
              html`<th scope="col" class="${numeric === true ? 'number' : ''}">${heading}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) => {
                const { text, mood } = isCell(cell) ? cell : { text: cell ?? '—', mood: undefined };
                const names = [columns[index]?.numeric === true ? 'number' : '', mood ?? ''].join(' ').trim();
                return html`<td class="${names}">${text}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const isCell = (cell: string | Html | Cell | null): cell is Cell =>
  typeof cell === 'object' && cell !== null && 'text' in cell;
