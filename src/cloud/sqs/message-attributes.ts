// What a message may contain: body, attributes, and how large it is ("Amazon SQS message metadata",
// SQS Developer Guide).

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import { refuseContents, refuseMissing, refuseParameter } from './faults.ts';
import type { MessageAttribute } from './message.ts';

const ATTRIBUTES_MAX = 10;
const NAME_BYTES_MAX = 256;
/** Whatever XML 1.0 allows, lone surrogates excepted. */
const ALLOWED = /^[\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** The size in bytes of a body and attributes that are allowed. */
export function measureMessage(
  body: string | undefined,
  attributes: ReadonlyMap<string, MessageAttribute>,
): Outcome<number> {
  if (body === undefined || body === '') return refuseMissing('MessageBody');
  if (!ALLOWED.test(body)) return refuseContents();
  if (attributes.size > ATTRIBUTES_MAX) {
    const sentence = `exceeds the allowed maximum [${ATTRIBUTES_MAX}].`;
    return refuseParameter(`Number of message attributes [${attributes.size}] ${sentence}`);
  }
  let sizeBytes = utf8Length(body);
  for (const [name, attribute] of attributes) {
    const checked = checkAttribute(name, attribute);
    if (!checked.ok) return checked;
    sizeBytes += utf8Length(name) + utf8Length(attribute.dataType) + valueLength(attribute);
  }
  return succeed(sizeBytes);
}

function checkAttribute(name: string, attribute: MessageAttribute): Outcome<true> {
  const named = checkName(name);
  if (!named.ok) return named;
  const { dataType, stringValue, binaryValue } = attribute;
  if (!/^(?:String|Number|Binary)(?:\..+)?$/.test(dataType)) {
    return refuseParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of ` +
        'supported type prefixes is Binary, Number, and String.',
    );
  }
  if (dataType.startsWith('Binary')) {
    if (binaryValue === undefined || binaryValue === '') return refuseEmpty(name, 'Binary');
    return succeed(true);
  }
  const kind = dataType.startsWith('Number') ? 'Number' : 'String';
  if (stringValue === undefined || stringValue === '') return refuseEmpty(name, kind);
  if (!ALLOWED.test(stringValue)) return refuseContents();
  if (kind === 'Number' && !Number.isFinite(Number(stringValue))) {
    return refuseParameter(
      `Can't cast the value of message (user) attribute '${name}' to a number.`,
    );
  }
  return succeed(true);
}

function checkName(name: string): Outcome<true> {
  if (utf8Length(name) > NAME_BYTES_MAX) {
    return refuseParameter('Message (user) attribute names must be shorter than 256 Bytes');
  }
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) {
    return refuseParameter(
      'Message (user) attributes name can only contain upper and lower score characters, digits, ' +
        'periods, hyphens and underscores. ',
    );
  }
  if (/^(?:aws|amazon)\./i.test(name) || /^\.|\.$|\.\./.test(name)) {
    return refuseParameter(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings " +
        "are reserved for internal use. Additionally, they cannot start or end with '.'.",
    );
  }
  return succeed(true);
}

function refuseEmpty(name: string, kind: string): Outcome<never> {
  const sentence = `must contain a non-empty value of type '${kind}'.`;
  return refuseParameter(`Message (user) attribute '${name}' ${sentence}`);
}

function valueLength({ stringValue, binaryValue = '' }: MessageAttribute): number {
  if (stringValue !== undefined) return utf8Length(stringValue);
  // Base64: four characters for three bytes, less the padding.
  const padding = binaryValue.endsWith('==') ? 2 : Number(binaryValue.endsWith('='));
  return (binaryValue.length / 4) * 3 - padding;
}

/** The length of the text in UTF-8; it has no lone surrogates. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate is half of a character of four bytes.
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    length += unit < 0x800 || isSurrogate ? 1 : 2;
  }
  return length;
}
