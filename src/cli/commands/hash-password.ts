// `foretide hash-password`: turns a password on standard input into what a credentials file keeps.

import { readFileSync } from 'node:fs';
import { hashPassword } from '../../broker/password-hash.ts';
import { StartError } from '../start-error.ts';

const standardInput = 0;

/** The first line of the input; the password is never an argument, which others could list. */
export async function hashFromInput(): Promise<void> {
  const [password = ''] = readFileSync(standardInput, 'utf8').split(/\r?\n/u, 1);
  if (password === '') throw new StartError('no password: give it on standard input, one line', 2);
  process.stdout.write(`${await hashPassword(password)}\n`);
}
