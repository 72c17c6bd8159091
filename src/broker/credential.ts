// Who may log in to the embedded broker: the shape of a credential, what a list of them must hold,
// and which one a user name falls under. Checking the password is the login's part.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { nameLengthMax } from '../wire/topics.ts';
import { parsePasswordHash } from './password-hash.ts';

/** Stands for the instance id in the user name of a secret that a whole group shares. */
const anyInstance = '*';

const userName = z.string().min(1).max(1024);
const name = z.string().min(1).max(nameLengthMax);
const passwordHash = z.string().refine((text) => parsePasswordHash(text) !== null, {
  error: 'expected a line that the password command printed ($scrypt$…)',
});

/**
 * `agent`: one instance's agent, or with `instance: '*'` every agent of the group; the user name
 * then holds one `*` where each agent puts its instance id. `load`: publishes the load topics.
 * `reader`: subscribes, never publishes. `controller`: everything.
 */
const credentialSchema = z
  .discriminatedUnion('role', [
    z.strictObject({
      role: z.literal('agent'),
      userName,
      passwordHash,
      group: name,
      instance: name,
    }),
    z.strictObject({ role: z.literal('load'), userName, passwordHash }),
    z.strictObject({ role: z.literal('reader'), userName, passwordHash }),
    z.strictObject({ role: z.literal('controller'), userName, passwordHash }),
  ])
  .superRefine((credential, context) => {
    const stars = credential.userName.split(anyInstance).length - 1;
    const isShared = credential.role === 'agent' && credential.instance === anyInstance;
    if (stars === (isShared ? 1 : 0)) return;
    context.addIssue({
      code: 'custom',
      path: ['userName'],
      message: isShared
        ? `found ${JSON.stringify(credential.userName)}, expected one * where the instance id goes`
        : `found ${JSON.stringify(credential.userName)}, a * is only for an agent of any instance`,
    });
  });

export const credentialsSchema = z
  .array(credentialSchema)
  .max(100_000)
  .superRefine((credentials, context) => {
    const seen = new Set<string>();
    for (const [index, credential] of credentials.entries()) {
      if (seen.has(credential.userName)) {
        const message = `${JSON.stringify(credential.userName)} is there twice`;
        context.addIssue({ code: 'custom', path: [index, 'userName'], message });
      }
      seen.add(credential.userName);
    }
  });

export type Credential = z.infer<typeof credentialSchema>;

export type CredentialsOutcome =
  | { readonly ok: true; readonly credentials: readonly Credential[] }
  | { readonly ok: false; readonly message: string };

/** The first thing wrong with a list, in one line, or the list. */
export function parseCredentials(value: unknown): CredentialsOutcome {
  const parsed = credentialsSchema.safeParse(value);
  if (parsed.success) return { ok: true, credentials: parsed.data };
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return { ok: false, message: `credentials${path && `.${path}`}: ${issue?.message ?? 'unread'}` };
}

/** Reads a JSON file with a list of credentials. */
export async function readCredentialsFile(path: string): Promise<CredentialsOutcome> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `${path}: ${what}` };
  }
  const value = parseJson(text);
  // The parser's own message would quote the file.
  if (value === undefined) return { ok: false, message: `${path}: found no JSON` };
  const outcome = parseCredentials(value);
  return outcome.ok ? outcome : { ok: false, message: `${path}: ${outcome.message}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Null if no credential goes by that name. An exact name wins over a pattern. */
export type CredentialFinder = (userName: string) => FoundCredential | null;

export interface FoundCredential {
  readonly credential: Credential;
  /** The instance that the user name stands for; null where the role has none. */
  readonly instance: string | null;
}

export function createCredentialFinder(credentials: readonly Credential[]): CredentialFinder {
  const exact = new Map<string, Credential>();
  const patterns: { credential: Credential; before: string; after: string }[] = [];
  for (const credential of credentials) {
    const [before = '', after] = credential.userName.split(anyInstance);
    if (after === undefined) exact.set(credential.userName, credential);
    else patterns.push({ credential, before, after });
  }
  // The pattern that says most comes first.
  patterns.sort((a, b) => literalLength(b) - literalLength(a) || (a.before < b.before ? -1 : 1));
  return (login) => {
    const credential = exact.get(login);
    if (credential !== undefined) {
      return { credential, instance: credential.role === 'agent' ? credential.instance : null };
    }
    for (const pattern of patterns) {
      if (!login.startsWith(pattern.before) || !login.endsWith(pattern.after)) continue;
      const instance = login.slice(pattern.before.length, login.length - pattern.after.length);
      if (login.length <= literalLength(pattern) || instance.length > nameLengthMax) continue;
      return { credential: pattern.credential, instance };
    }
    return null;
  };
}

function literalLength(pattern: { before: string; after: string }): number {
  return pattern.before.length + pattern.after.length;
}
