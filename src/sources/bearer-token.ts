// The token that a source shows: named in the config, kept elsewhere, and read anew at every use, so
// that one which is renewed on disk needs no restart. It stands in no message.

import { readFile } from 'node:fs/promises';

/** Where a token is. */
export type TokenReference =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'variable'; readonly name: string };

export type TokenOutcome =
  | { readonly ok: true; readonly token: string | null }
  | { readonly ok: false; readonly message: string };

/** What RFC 6750 allows in `Authorization: Bearer`. */
const tokenPattern = /^[A-Za-z0-9._~+/-]+=*$/;

/** Null for no reference. Never rejects. */
export async function readToken(reference: TokenReference | null): Promise<TokenOutcome> {
  if (reference === null) return { ok: true, token: null };
  const place = reference.kind === 'file' ? reference.path : `the variable ${reference.name}`;
  const text = await readText(reference);
  if (text === null) return { ok: false, message: `no token can be read from ${place}` };
  const token = text.trim();
  if (tokenPattern.test(token)) return { ok: true, token };
  return { ok: false, message: `what is in ${place} is no bearer token` };
}

async function readText(reference: TokenReference): Promise<string | null> {
  if (reference.kind === 'variable') return process.env[reference.name] ?? null;
  try {
    return await readFile(reference.path, 'utf8');
  } catch {
    // Which file it was is told; more would tell of a path's neighbours.
    return null;
  }
}
