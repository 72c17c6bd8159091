// Makes way for a Unix socket, without ever taking one from a process that is still there.

import { lstat, mkdir, open, stat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';

export interface SocketObstacle {
  readonly kind: 'obstacle';
  readonly code: 'in-use' | 'path-too-long' | 'not-a-socket' | 'denied' | 'failed';
  readonly message: string;
}

export interface SocketClaim {
  readonly kind: 'claimed';
  /** Lets others start at the path again; after binding, they find it in use. */
  release(): Promise<void>;
}

/** Linux's `sun_path` has 108 bytes, the last of them zero. */
const pathMaxBytes = 107;
/** A live process accepts at once: the kernel does it for it. */
const probeLimitMs = 1000;
/** Claiming and binding take milliseconds: an older lock was left by a process that was killed. */
const lockLimitMs = 5000;
const folderMode = 0o700;

/**
 * Claimed: nothing is at `path` (any more), its folder is there, and no other process is about to
 * bind it. The lock is what keeps two that start at once from removing each other's new socket.
 */
export async function claimSocketPath(path: string): Promise<SocketClaim | SocketObstacle> {
  const bytes = Buffer.byteLength(path);
  if (bytes > pathMaxBytes) {
    const message = `the socket's path has ${bytes} bytes; ${pathMaxBytes} are allowed: ${path}`;
    return obstacle('path-too-long', message);
  }
  const lock = `${path}.lock`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: folderMode });
    if (!(await takeLock(lock))) {
      return obstacle('in-use', `another controller is starting at ${path}`);
    }
  } catch (error) {
    return describe(error, path);
  }
  const claim: SocketClaim = { kind: 'claimed', release: () => removeIfThere(lock) };
  const found = await removeStale(path).catch((error: unknown) => describe(error, path));
  if (found === null) return claim;
  await claim.release();
  return found;
}

/** Whether the lock is ours now. */
async function takeLock(lock: string): Promise<boolean> {
  const left = await stat(lock).catch(nullIfAbsent);
  if (left !== null && Date.now() - left.mtimeMs > lockLimitMs) await removeIfThere(lock);
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** What is in the way; null once nothing is. */
async function removeStale(path: string): Promise<SocketObstacle | null> {
  const there = await lstat(path).catch(nullIfAbsent);
  if (there === null) return null;
  if (!there.isSocket()) {
    return obstacle('not-a-socket', `${path} is there and is no socket: it is left alone`);
  }
  if (await isAnswered(path)) {
    return obstacle('in-use', `a controller is running at ${path} already`);
  }
  await removeIfThere(path);
  return null;
}

/** Whether a process listens on the socket. Only a plain refusal says that none does. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (isAlive: boolean): void => {
      socket.destroy();
      resolve(isAlive);
    };
    socket.setTimeout(probeLimitMs, () => settle(true));
    socket.once('connect', () => settle(true));
    socket.once('error', (error) => {
      settle(!hasCode(error, 'ECONNREFUSED') && !hasCode(error, 'ENOENT'));
    });
  });
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch(nullIfAbsent);
}

function nullIfAbsent(error: unknown): null {
  if (hasCode(error, 'ENOENT')) return null;
  throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function describe(error: unknown, path: string): SocketObstacle {
  const reason = error instanceof Error ? error.message : String(error);
  const isDenied = ['EACCES', 'EPERM', 'EROFS'].some((code) => hasCode(error, code));
  return obstacle(isDenied ? 'denied' : 'failed', `no socket can be made at ${path}: ${reason}`);
}

function obstacle(code: SocketObstacle['code'], message: string): SocketObstacle {
  return { kind: 'obstacle', code, message };
}
