// Numbers as text: the bytes of 32-bit or 64-bit floats in base64 (RFC 4648), so that a snapshot is
// plain JSON, exact and short.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Text is joined from pieces of so many characters. */
const pieceLength = 4096;

export function encodeFloats(values: Float32Array | Float64Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const pieces: string[] = [];
  let piece = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const word =
      ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    piece += alphabet.charAt(word >> 18) + alphabet.charAt((word >> 12) & 63);
    piece += left > 1 ? alphabet.charAt((word >> 6) & 63) : '=';
    piece += left > 2 ? alphabet.charAt(word & 63) : '=';
    if (piece.length >= pieceLength) {
      pieces.push(piece);
      piece = '';
    }
  }
  pieces.push(piece);
  return pieces.join('');
}

export function decodeFloats(text: string): Float32Array {
  return new Float32Array(decodeBytes(text).buffer);
}

export function decodeDoubles(text: string): Float64Array {
  return new Float64Array(decodeBytes(text).buffer);
}

function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const codes = new Uint8Array(128);
  for (let code = 0; code < 64; code += 1) codes[alphabet.charCodeAt(code)] = code;
  const codeAt = (index: number): number => codes[text.charCodeAt(index) & 127] ?? 0;
  for (let index = 0, at = 0; index < text.length; index += 4, at += 3) {
    const word =
      (codeAt(index) << 18) |
      (codeAt(index + 1) << 12) |
      (codeAt(index + 2) << 6) |
      codeAt(index + 3);
    // Writes past the end of a typed array are dropped: the padding.
    bytes[at] = word >> 16;
    bytes[at + 1] = (word >> 8) & 255;
    bytes[at + 2] = word & 255;
  }
  return bytes;
}
