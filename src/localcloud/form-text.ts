// Texts that came in a form. A form has no types: a reader that wants a number takes such a text,
// while a text in JSON stays a text.

const FORM_TEXT = Symbol('form text');

interface FormText {
  readonly [FORM_TEXT]: string;
}

/** Returns the same lists and records, every text in them marked. */
export function markFormTexts(value: unknown): unknown {
  if (typeof value === 'string') return { [FORM_TEXT]: value } satisfies FormText;
  if (Array.isArray(value)) return value.map((item: unknown) => markFormTexts(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, markFormTexts(member)]),
  );
}

/** The text of a marked value, `undefined` for any other. */
export function formTextOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !(FORM_TEXT in value)) return undefined;
  return typeof value[FORM_TEXT] === 'string' ? value[FORM_TEXT] : undefined;
}
