import { html } from '../html.ts';
import type { ModelReport } from '../model-report.ts';
import type { Section } from '../page.ts';
import { renderTable } from '../table.ts';

export function auditSection({ audit }: ModelReport): Section {
  return {
    id: 'audit',
    title: 'Leakage audit',
    body:
      audit === null
        ? html`<p>Not audited. Run <code>holdfast audit leakage</code> and make the report again.</p>`
        : html`<p>
              Audited
              ${audit.auditedAt}${
                audit.isCurrent ? '.' : ', before the pack was changed: run holdfast audit leakage again.'
              }
              ${audit.findings.length === 0 ? 'Nothing was found.' : `Found: ${audit.findings.join('; ')}.`}
              ${audit.notJudged.length === 0 ? '' : `Not judged: each feature alone at ${audit.notJudged.join(', at ')}.`}
            </p>
            ${renderTable({
              columns: ['feature', 'source', 'window', 'available', 'verdict'].map((heading) => ({
                heading,
              })),
              rows: audit.rows.map(({ feature, source, window, available, verdict }) => [
                feature,
                source,
                window,
                available,
                verdict === 'none' ? 'none' : { text: verdict, mood: 'bad' as const },
              ]),
            })}`,
  };
}

export function settingsSection({ settings, versions, set, pack, createdAt }: ModelReport): Section {
  return {
    id: 'settings',
    title: 'Settings and versions',
    body: html`${renderTable({
      caption: `Model set ${String(set.id)}, trained ${createdAt}.`,
      columns: [{ heading: 'setting' }, { heading: 'value' }],
      rows: settings.map(({ name, value }) => [name, value]),
    })}
    ${renderTable({
      columns: [{ heading: 'what' }, { heading: 'version or hash' }],
      rows: [...Object.entries(versions), ['model set', set.hash], [`pack ${pack.name}`, pack.hash]],
    })}`,
  };
}

/** Intended use and limits: the part that goes with the model wherever it goes. */
export function cardSection({ card, pack, entity }: ModelReport): Section {
  return {
    id: 'card',
    title: 'Intended use and limits',
    body:
      card === null
        ? html`<p>
            The pack ${pack.name} says nothing about the use of its models: add <code>card</code> to its
            pack.yaml.
          </p>`
        : html`<p>${card.intendedUse}</p>
            <ul>
              ${card.limits.map((limit) => html`<li>${limit}</li>`)}
              <li>Every figure above is of the rows that it names; another ${entity} base may differ.</li>
            </ul>`,
  };
}
