// `foretide token`: makes a token for the page and the API, and the line of the config that knows it.

import { createToken, hashToken } from '../../api/access/tokens.ts';
import { StartError } from '../start-error.ts';

export interface TokenOptions {
  readonly name: string;
  readonly role: string;
  readonly json?: boolean;
}

const namePattern = /^[\w.@-]{1,64}$/;

/** The token goes to standard output once; nothing keeps it. */
export function printToken({ json = false, name, role }: TokenOptions): void {
  if (!namePattern.test(name)) {
    const allowed = 'up to 64 letters, digits and . _ @ -';
    throw new StartError(`--name is ${JSON.stringify(name)}; allowed: ${allowed}`, 2);
  }
  const token = createToken();
  const entry = { name, role, hash: hashToken(token) };
  if (json) {
    process.stdout.write(`${JSON.stringify({ token, ...entry })}\n`);
    return;
  }
  process.stdout.write(
    `${token}\n\nIt is shown this once. foretide.yaml knows it by its hash:\n\n` +
      `api:\n  tokens:\n    - { name: ${name}, role: ${role}, hash: '${entry.hash}' }\n`,
  );
}
