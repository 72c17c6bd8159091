// The tables of docs/config.md: every key with its type, its default and what it means, out of the
// schema, so that neither can differ from what the program reads.

import { isRecord } from '../wire/report.ts';

/** A JSON Schema as plain data. */
type Schema = Readonly<Record<string, unknown>>;

interface Section {
  readonly title: string;
  /** From the top of the file; empty for the file itself. */
  readonly path: string;
  readonly schema: Schema;
}

/** Where the tables stand in the page. */
const openingMark = '<!-- keys: written by `npm run schema` -->\n';
const closingMark = '\n<!-- end of keys -->';

/** The page with its tables replaced. Throws if it lacks the marks. */
export function insertReference(page: string, reference: string): string {
  const start = page.indexOf(openingMark);
  const end = page.indexOf(closingMark);
  if (start < 0 || end < start) throw new Error('the page has no marks for the tables of keys');
  return `${page.slice(0, start + openingMark.length)}\n${reference}${page.slice(end)}`;
}

/** Markdown: a heading and a table for each mapping of the file. */
export function createReference(schema: Schema): string {
  return listSections({ title: 'The file', path: '', schema })
    .map(({ title, schema: mapping }) => `### ${title}\n\n${createTable(mapping)}\n`)
    .join('\n');
}

/** The mapping itself, then those within it. `defaults` has the keys of a group: no table of it. */
function listSections(section: Section): readonly Section[] {
  const inner = listProperties(section.schema)
    .map(({ key, property }) => ({
      path: section.path === '' ? key : `${section.path}.${key}`,
      property,
    }))
    .filter(({ path }) => path !== 'defaults')
    .flatMap(({ path, property }) => listMappings(property, path).flatMap(listSections));
  return [section, ...inner];
}

/** Mappings that a property is, or is a list of. One for each direction is plain from the table. */
function listMappings(property: Schema, path: string): readonly Section[] {
  if (property['type'] === 'object') return [{ title: `\`${path}\``, path, schema: property }];
  const { items } = property;
  if (!isRecord(items)) return [];
  const itemPath = `${path}[]`;
  const { oneOf: alternatives } = items;
  if (!Array.isArray(alternatives)) return listMappings(items, itemPath);
  return alternatives.filter(isRecord).map((schema) => {
    const type = listProperties(schema).find(({ key }) => key === 'type')?.property['const'];
    return { title: `\`${itemPath}\` of type \`${String(type)}\``, path: itemPath, schema };
  });
}

function createTable(mapping: Schema): string {
  const required = Array.isArray(mapping['required']) ? mapping['required'] : [];
  const rows = listProperties(mapping).map(({ key, property }) => {
    const otherwise = required.includes(key) ? 'required' : describeDefault(property['default']);
    const cells = [`\`${key}\``, describeType(property), otherwise, describeMeaning(property)];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

interface Property {
  readonly key: string;
  readonly property: Schema;
}

function listProperties({ properties }: Schema): readonly Property[] {
  if (!isRecord(properties)) return [];
  return Object.entries(properties).flatMap(([key, property]) =>
    isRecord(property) ? [{ key, property }] : [],
  );
}

function describeType(property: Schema): string {
  const { const: constant, enum: words, title, type } = property;
  if (constant !== undefined) return `\`${String(constant)}\``;
  if (Array.isArray(words)) return words.map((word) => `\`${String(word)}\``).join(', ');
  if (typeof title === 'string') return describeBounds(title, property);
  if (type === 'array') return 'list';
  return type === 'object' ? 'mapping' : String(type);
}

function describeBounds(title: string, { minimum, maximum }: Schema): string {
  const isBounded = typeof minimum === 'number' && typeof maximum === 'number';
  return isBounded ? `${title}, ${minimum}–${maximum}` : title;
}

function describeDefault(value: unknown): string {
  return value === undefined ? '' : `\`${formatInline(value)}\``;
}

/** As one would write it on one line of YAML. */
function formatInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatInline).join(', ')}]`;
  if (!isRecord(value)) return String(value);
  const entries = Object.entries(value).map(([key, part]) => `${key}: ${formatInline(part)}`);
  return `{${entries.join(', ')}}`;
}

function describeMeaning({ description, examples }: Schema): string {
  const shown = Array.isArray(examples) ? examples.map((each) => `\`${formatInline(each)}\``) : [];
  const suffix = shown.length > 0 ? ` For example ${shown.join(', ')}.` : '';
  return `${typeof description === 'string' ? description : ''}${suffix}`;
}
