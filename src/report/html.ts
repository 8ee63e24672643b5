/** HTML by tagged templates: every value is escaped unless it is HTML itself. */

const MARKUP: unique symbol = Symbol('markup');

/** Text that is HTML already; only `html` and `trustedHtml` make it. */
export interface Html {
  readonly [MARKUP]: string;
}

type Part = Html | string | number | null | undefined | readonly Part[];

/** Builds HTML: text is escaped, null and undefined leave nothing, lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return trustedHtml(
    strings.map((text, index) => (index === 0 ? text : `${markupOf(parts[index - 1])}${text}`)).join(''),
  );
}

/** Takes text as HTML as it is; for what a library has rendered. */
export function trustedHtml(markup: string): Html {
  return { [MARKUP]: markup };
}

/** The text of built HTML. */
export function textOfHtml(built: Html): string {
  return built[MARKUP];
}

function markupOf(part: Part): string {
  if (part === null || part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if (isList(part)) return part.map(markupOf).join('');
  return part[MARKUP];
}

const isList = (part: Part): part is readonly Part[] => Array.isArray(part);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
