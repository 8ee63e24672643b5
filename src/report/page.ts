/** A report as one self-contained page: no script, no outside request, readable on paper. */
import { type Html, html, textOfHtml, trustedHtml } from './html.ts';

export interface Section {
  /** Also the anchor, unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export interface Page {
  readonly title: string;
  /** What the reader must know first, in a sentence or two. */
  readonly lead: Html;
  readonly sections: readonly Section[];
}

/** The whole document as text. */
export function renderPage({ title, lead, sections }: Page): string {
  return textOfHtml(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light" />
          <title>${title}</title>
          <style>
            ${trustedHtml(STYLE)}
          </style>
        </head>
        <body>
          <header>
            <h1>${title}</h1>
            <p class="lead">${lead}</p>
            <nav>${sections.map((section) => html`<a href="#${section.id}">${section.title}</a> `)}</nav>
          </header>
          <main>
            ${sections.map(
              (section) =>
                html`<section id="${section.id}">
                  <h2>${section.title}</h2>
                  ${section.body}
                </section>`,
            )}
          </main>
        </body>
      </html> `,
  ).replaceAll(/\n\s+/g, '\n');
}

/** A picture with what it shows and the figures behind it. */
export function figure(parts: {
  readonly chart: Html;
  readonly caption: string;
  readonly table?: Html;
}): Html {
  return html`<figure>
    ${parts.chart}
    <figcaption>${parts.caption}</figcaption>
    ${
      parts.table === undefined
        ? undefined
        : html`<details>
            <summary>Figures</summary>
            ${parts.table}
          </details>`
    }
  </figure>`;
}

/** Pictures side by side where the page is wide enough. */
export const gallery = (figures: readonly Html[]): Html => html`<div class="gallery">${figures}</div>`;

const STYLE = `
:root { --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --good: #0b6e4f; --bad: #a3260d; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 74rem; padding: 1.5rem; color: var(--ink); background: #fff;
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
p { max-width: 48rem; margin: .4rem 0; }
.lead { font-size: 1.05rem; }
nav a { margin-right: .9rem; color: var(--soft); }
.soft, figcaption, caption, summary { color: var(--soft); }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-size: 13px; }
caption { text-align: left; padding-bottom: .2rem; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; }
td.number, th.number { text-align: right; white-space: nowrap; }
td.good { color: var(--good); }
td.bad, p.bad { color: var(--bad); font-weight: 600; }
.scroll { overflow-x: auto; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem 1.5rem; }
figure { margin: .5rem 0; break-inside: avoid; min-width: 0; }
figcaption { font-size: 12.5px; }
.plot { display: block; max-width: 100%; height: auto; overflow: visible; }
.plot text, .plot tspan { white-space: pre; }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  nav { display: none; }
  details > *:not(summary) { display: revert; }
  h2 { break-after: avoid; }
  table { break-inside: auto; }
  tr { break-inside: avoid; }
}
`;
