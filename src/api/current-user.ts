// Who runs this process, as a name for logs and explanations.

import { userInfo } from 'node:os';

/** The OS user's name; in a container whose user id has none, that id (`uid 1001`). */
export function findCurrentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
