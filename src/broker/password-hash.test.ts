import { describe, expect, it } from 'vitest';
import { hashPassword, isPasswordOf, parsePasswordHash } from './password-hash.ts';

/** RFC 7914, section 12, third vector (N = 16384, r = 8, p = 1), cut to base64 without padding. */
const published = Buffer.from(
  '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
    'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  'hex',
);
const salt = Buffer.from('SodiumChloride').toString('base64').replaceAll('=', '');
const published64 = `$scrypt$ln=14,r=8,p=1$${salt}$${published.toString('base64').replaceAll('=', '')}`;

describe('password hash', () => {
  it('agrees with the published vector', async () => {
    const known = parsePasswordHash(published64);
    if (known === null) throw new Error('not read');
    expect(await isPasswordOf(known, Buffer.from('pleaseletmein'))).toBe(true);
    expect(await isPasswordOf(known, Buffer.from('pleaseletmeout'))).toBe(false);
  });

  it('knows the password it was made from, and no other', async () => {
    const text = await hashPassword('pässword');
    const known = parsePasswordHash(text);
    if (known === null) throw new Error('not read');
    expect(await isPasswordOf(known, Buffer.from('pässword'))).toBe(true);
    expect(await isPasswordOf(known, Buffer.from(''))).toBe(false);
    expect(await hashPassword('pässword')).not.toBe(text);
  });

  it.each([
    '',
    'secret',
    published64.slice(0, 40),
    published64.replace('ln=14', 'ln=4'),
    published64.replace('ln=14', 'ln=20'),
    published64.replace('r=8', 'r=0'),
    published64.replace('$scrypt', '$argon2id'),
  ])('does not read %j', (text) => {
    expect(parsePasswordHash(text)).toBeNull();
  });
});
