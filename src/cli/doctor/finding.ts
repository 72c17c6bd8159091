// What the doctor says of one thing.

export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do about it; null where all is well. */
  readonly next: string | null;
}

export function ok(check: string, message: string): Finding {
  return { check, level: 'ok', message, next: null };
}

export function warn(check: string, message: string, next: string): Finding {
  return { check, level: 'warn', message, next };
}

export function fail(check: string, message: string, next: string): Finding {
  return { check, level: 'fail', message, next };
}
