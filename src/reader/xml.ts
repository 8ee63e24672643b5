/** A reader of XML that comes in pieces: as much as the parts of a workbook need. */

export interface XmlHandler {
  /** `attributes` is the text between name and end of the tag; see `attributeOf`. */
  open(name: string, attributes: string): void;
  /** Also after a tag that is empty in itself. */
  close(name: string): void;
  /** Text with its entities replaced; one text may come in several pieces. */
  text(text: string): void;
}

/** Receives pieces of a document and tells the handler; names lose their namespace prefix. */
export function xmlReader(handler: XmlHandler): { write(piece: string): void } {
  let rest = '';
  return {
    write(piece) {
      const text = rest === '' ? piece : rest + piece;
      let at = 0;
      for (;;) {
        const tag = text.indexOf('<', at);
        if (tag < 0) break;
        if (tag > at) handler.text(plainText(text.slice(at, tag)));
        const end = tagEnd(text, tag);
        if (end < 0) {
          rest = text.slice(tag);
          return;
        }
        tellTag(handler, text, tag, end);
        at = end;
      }
      // An entity may be cut, so text waits for the tag after it.
      rest = text.slice(at);
    },
  };
}

/** Index after the tag, comment or CDATA section that begins at `tag`, -1 where its end has not come. */
function tagEnd(text: string, tag: number): number {
  const after = (mark: string, from: number): number => {
    const found = text.indexOf(mark, from);
    return found < 0 ? -1 : found + mark.length;
  };
  const second = text[tag + 1];
  if (second === undefined) return -1;
  if (second === '?') return after('?>', tag + 2);
  if (second === '!') {
    if (text.length < tag + 9) return -1;
    if (text.startsWith('<!--', tag)) return after('-->', tag + 4);
    if (text.startsWith('<![CDATA[', tag)) return after(']]>', tag + 9);
    return after('>', tag + 2);
  }
  // A quoted attribute value may hold the sign that ends a tag.
  let quote = '';
  for (let at = tag + 1; at < text.length; at += 1) {
    const character = text[at] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return -1;
}

function tellTag(handler: XmlHandler, text: string, tag: number, end: number): void {
  const second = text[tag + 1];
  if (second === '?') return;
  if (second === '!') {
    if (text.startsWith('<![CDATA[', tag)) handler.text(text.slice(tag + 9, end - 3));
    return;
  }
  if (second === '/') {
    handler.close(localName(text.slice(tag + 2, end - 1).trim()));
    return;
  }
  const isEmpty = text[end - 2] === '/';
  const inside = text.slice(tag + 1, isEmpty ? end - 2 : end - 1);
  const space = inside.search(/\s/);
  const name = localName(space < 0 ? inside : inside.slice(0, space));
  handler.open(name, space < 0 ? '' : inside.slice(space));
  if (isEmpty) handler.close(name);
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const ATTRIBUTES = new Map<string, RegExp>();

/** The value of an attribute by its local name; undefined without it. */
export function attributeOf(attributes: string, name: string): string | undefined {
  // A sheet asks for three names millions of times.
  let pattern = ATTRIBUTES.get(name);
  if (pattern === undefined) {
    pattern = new RegExp(`\\s(?:[\\w-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
    ATTRIBUTES.set(name, pattern);
  }
  const found = pattern.exec(attributes);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? undefined : plainText(value);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plainText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED[name] ?? whole;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
