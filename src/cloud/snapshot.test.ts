// Snapshots: what cannot be restored is refused in one line; values survive whatever their names.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPlainJson, toPlainJson } from './plain-json.ts';
import { restoreSnapshot, SNAPSHOT_VERSION, takeSnapshot } from './snapshot.ts';
import { createTestGroup, createTestWorld, expectOk, passTime } from './testing/test-world.ts';

describe('snapshots', () => {
  it.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ version: SNAPSHOT_VERSION }],
    [{ version: 0, world: {} }],
  ])('refuses %j in one line', (snapshot) => {
    const restored = restoreSnapshot(snapshot);
    expect(restored.ok).toBe(false);
    if (restored.ok) return;
    expect(restored.fault.message).toMatch(
      /^the saved cloud has version \S+; this program reads version \d+ only$/u,
    );
  });

  it('goes on as the first world would have', () => {
    const first = createTestWorld({ launchFailureRatio: 0.2 });
    createTestGroup(first, { desired: 5 });
    passTime(first, 7000);
    const second = expectOk(restoreSnapshot(JSON.parse(JSON.stringify(takeSnapshot(first)))));
    for (const world of [first, second]) passTime(world, 3_600_000);
    expect(takeSnapshot(second)).toEqual(takeSnapshot(first));
  });
});

describe('plain JSON', () => {
  it('gives maps, sets, lists and records back, whatever their keys', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('map', 'set', 'list', '__proto__')),
          tie('value'),
          { maxKeys: 4 },
        ),
        fc
          .array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 })
          .map((pairs) => new Map(pairs)),
        fc.array(fc.string(), { maxLength: 4 }).map((items) => new Set(items)),
      ),
    }));
    fc.assert(
      fc.property(value, (original) => {
        const json: unknown = JSON.parse(JSON.stringify(toPlainJson(original)));
        expect(toPlainJson(fromPlainJson(json))).toEqual(toPlainJson(original));
      }),
    );
  });

  it('refuses numbers that JSON has not got', () => {
    expect(() => toPlainJson({ at: Number.POSITIVE_INFINITY })).toThrow(TypeError);
  });

  it('refuses lists that it did not write', () => {
    expect(() => fromPlainJson([1, 2])).toThrow(TypeError);
    expect(() => fromPlainJson(['map', 1])).toThrow(TypeError);
  });
});
