// Plain values as XML, for the Query protocols. Names come from us, texts from anyone: texts are
// escaped, and characters that XML 1.0 cannot hold are replaced.

import { formatUtcMilliseconds } from '../cloud/calendar.ts';

export interface XmlStyle {
  /** The element of each item of a list: `member`, or `item` in EC2's dialect. */
  readonly itemName: string;
  /** Members whose numbers are epoch seconds and are written as ISO 8601. */
  readonly timeNames: ReadonlySet<string>;
}

/** Returns the value as the content of an element; `undefined` members are left out. */
export function writeXml(value: unknown, style: XmlStyle): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map((item) => element(style.itemName, item, style)).join('');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => element(name, member, style))
      .join('');
  }
  return escapeXml(String(value));
}

function element(name: string, value: unknown, style: XmlStyle): string {
  const isTime = typeof value === 'number' && style.timeNames.has(name);
  const content = isTime ? formatUtcMilliseconds(value * 1000) : writeXml(value, style);
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Everything outside the Char production of XML 1.0, lone surrogates included. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

export function escapeXml(text: string): string {
  return text
    .replaceAll(FORBIDDEN, '\uFFFD')
    .replaceAll(/[&<>"\r]/gu, (character) => ENTITIES[character] ?? character);
}
