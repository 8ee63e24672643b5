import { describe, expect, it } from 'vitest';
import {
  barChart,
  dotChart,
  figure,
  html,
  intervalChart,
  lineChart,
  renderPage,
  renderTable,
} from './index.ts';
import { textOfHtml } from './html.ts';

const frame = {
  summary: 'Rate by "month".',
  x: { label: 'month' },
  y: { label: 'rate', format: '.0%', domain: [0, 1] as const },
};
const points = [
  { x: 1, y: 0.2 },
  { x: 2, y: 0.4 },
  { x: 3, y: 0.3 },
];

describe('html', () => {
  it('escapes values, keeps built HTML and leaves out what is missing', () => {
    const parts = ["<b> & '", html`<i>${3}</i>`, null, [html`x`, 'y<']];
    expect(textOfHtml(html`<p title="${'a "quote"'}">${parts}</p>`)).toBe(
      '<p title="a &quot;quote&quot;">&lt;b&gt; &amp; &#39;<i>3</i>xy&lt;</p>',
    );
  });
});

describe('a table', () => {
  it('shows a missing value as a dash and marks figures and moods', () => {
    const text = textOfHtml(
      renderTable({
        columns: [{ heading: 'name' }, { heading: 'value', numeric: true }],
        rows: [
          ['first', null],
          [{ text: 'second', mood: 'bad' }, '2'],
        ],
      }),
    );
    expect(text).toContain('<td class="number">—</td>');
    expect(text).toContain('<td class="bad">second</td>');
    expect(text).toContain('<th scope="col" class="number">value</th>');
  });
});

describe('a chart', () => {
  it('draws a line through every point and says in words what it shows', () => {
    const text = textOfHtml(
      lineChart(frame, [
        { name: 'x <= 1 & y', color: '#111111', points },
        { name: 'there', color: '#222222', points, dashed: true },
      ]),
    );
    const lines = [...text.matchAll(/<path[^>]* d="(M[^"]+)"/g)].map(([, d]) => d ?? '');
    expect(lines.filter((d) => d.split('L').length === points.length)).toHaveLength(2);
    expect(text).toContain('aria-label="Rate by &quot;month&quot;."');
    expect(text).toContain('stroke-dasharray="4 3"');
    expect(text).toContain('x &lt;= 1 &amp; y');
  });

  it('puts as many dots and intervals as there are values', () => {
    const dots = textOfHtml(
      dotChart({ ...frame, diagonal: true }, [{ name: 'here', color: '#111111', points }]),
    );
    expect(dots.match(/<circle/g)).toHaveLength(points.length);
    const rows = ['a', 'b'].map((name, index) => ({
      name,
      values: [{ value: index, lower: index - 1, upper: index + 1, color: '#111111' }],
    }));
    expect(textOfHtml(intervalChart(frame, rows)).match(/<circle/g)).toHaveLength(2);
  });

  it('keeps the order of bars', () => {
    const text = textOfHtml(
      barChart(
        { summary: 'Rates.', label: 'decile', y: { label: 'rate' } },
        ['third', 'second', 'first'].map((name, index) => ({ name, value: index + 1, color: '#111111' })),
      ),
    );
    const heights = [...text.matchAll(/<rect[^>]* height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights).toEqual([...heights].sort((a, b) => a - b));
    expect(text.indexOf('third')).toBeLessThan(text.indexOf('first'));
  });
});

describe('a page', () => {
  it('asks for nothing outside of itself and has its parts', () => {
    const text = renderPage({
      title: 'Report <1>',
      lead: html`All is well.`,
      sections: [
        {
          id: 'first',
          title: 'First',
          body: figure({
            chart: lineChart(frame, [{ name: 'here', color: '#111111', points }]),
            caption: 'A line.',
            table: renderTable({ columns: [{ heading: 'x' }], rows: [['1']] }),
          }),
        },
      ],
    });
    expect(text).toContain('<title>Report &lt;1&gt;</title>');
    expect(text).toContain('<a href="#first">First</a>');
    expect(text).toContain('<figcaption>A line.</figcaption>');
    expect(text.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:|<script|<link|@import|url\(/);
  });
});
