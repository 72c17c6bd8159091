// Finds a part of a JSON value by a JSON Pointer (RFC 6901): `/queues/0/depth`, `~1` for a slash in a
// name and `~0` for a tilde. The empty pointer is the whole.

export type Pointed =
  | { readonly ok: true; readonly value: unknown }
  /** `at` is the pointer up to where nothing was found. */
  | { readonly ok: false; readonly at: string };

/** `pointer` is empty or begins with a slash. */
export function findByPointer(whole: unknown, pointer: string): Pointed {
  let value = whole;
  const steps = pointer.split('/').slice(1);
  for (const [index, step] of steps.entries()) {
    const next = takeStep(value, step.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (next === undefined) return { ok: false, at: `/${steps.slice(0, index + 1).join('/')}` };
    value = next;
  }
  return { ok: true, value };
}

/** JSON has no `undefined`: that is what is not there. */
function takeStep(value: unknown, step: string): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return /^(0|[1-9]\d*)$/.test(step) ? items[Number(step)] : undefined;
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  const member: unknown = Reflect.get(value, step);
  return member;
}
