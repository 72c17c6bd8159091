// Plain values as XML, for the Query protocols. Names come from us, texts from anyone: texts are
// escaped, and characters that XML 1.0 cannot hold are replaced.

import { formatUtcMilliseconds } from '../cloud/calendar.ts';

export interface XmlStyle {
  /** The element of each item of a list: `member`, or `item` in EC2's dialect. */
  readonly itemName: string;
  /** Members whose numbers are epoch seconds and are written as ISO 8601. */
  readonly timeNames: ReadonlySet<string>;
  /** Lists and maps that are written without an element around them, by member. */
  readonly flatMembers?: ReadonlyMap<string, FlatMember>;
  /** Maps that are written as `entry` elements of `key` and `value`. */
  readonly mapNames?: ReadonlySet<string>;
}

export interface FlatMember {
  /** Repeated for each item. */
  readonly element: string;
  /** Of a map: the element of the key, beside `Value`. */
  readonly keyName?: string;
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
      .map(([name, member]) => writeMember(name, member, style))
      .join('');
  }
  return escapeXml(String(value));
}

function writeMember(name: string, value: unknown, style: XmlStyle): string {
  const flat = style.flatMembers?.get(name);
  if (flat !== undefined) return writeFlat(flat, value, style);
  const isMap = style.mapNames?.has(name) === true && typeof value === 'object' && value !== null;
  if (!isMap) return element(name, value, style);
  const entries = Object.entries(value)
    .map(([key, held]) => element('entry', { key, value: held }, style))
    .join('');
  return `<${name}>${entries}</${name}>`;
}

function writeFlat(
  { element: name, keyName }: FlatMember,
  value: unknown,
  style: XmlStyle,
): string {
  if (typeof value !== 'object' || value === null) return '';
  const items: readonly unknown[] =
    keyName === undefined
      ? Object.values(value)
      : Object.entries(value).map(([key, held]) => ({ [keyName]: key, Value: held }));
  return items.map((item) => element(name, item, style)).join('');
}

function element(name: string, value: unknown, style: XmlStyle): string {
  const content = style.timeNames.has(name) ? writeTimes(value, style) : writeXml(value, style);
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

/** One moment, or a list of them. */
function writeTimes(value: unknown, style: XmlStyle): string {
  if (typeof value === 'number') return formatUtcMilliseconds(value * 1000);
  if (!Array.isArray(value)) return writeXml(value, style);
  const texts = value.map((item: unknown) =>
    typeof item === 'number' ? formatUtcMilliseconds(item * 1000) : item,
  );
  return writeXml(texts, style);
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
