// Base64 of a text's UTF-8 bytes, without the platform (RFC 4648, section 4).

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function encodeBase64(text: string): string {
  const bytes = utf8BytesOf(text);
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3);
    const word = a * 65_536 + b * 256 + c;
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((word >>> shift) & 63)).join('');
    const left = bytes.length - at;
    encoded += left >= 3 ? digits : digits.slice(0, left + 1).padEnd(4, '=');
  }
  return encoded;
}

function utf8BytesOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0).flatMap((point) => {
    if (point < 0x80) return [point];
    if (point < 0x800) return [0xc0 | (point >> 6), tail(point)];
    if (point < 0x10000) return [0xe0 | (point >> 12), tail(point >> 6), tail(point)];
    return [0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point)];
  });
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
