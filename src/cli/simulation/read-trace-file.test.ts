import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { openStore } from '../../store/open-store.ts';
import { makeFolder, tickEntry } from '../../store/store-fixture.ts';
import { readTraceFile } from './read-trace-file.ts';

const { folder, remove } = makeFolder();
afterAll(remove);

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const minute = { startSeconds: 0, stepSeconds: 60, values: Float64Array.of(10, 20) };

describe('a file of recorded traffic', () => {
  const kinds: readonly [string, unknown][] = [
    ['a CSV', 'timestamp,value\n0,10\n60,20\n'],
    [
      'get-metric-data',
      { MetricDataResults: [{ Id: 'a', Timestamps: [60, 0], Values: [20, 10] }] },
    ],
    [
      'get-metric-statistics',
      { Datapoints: [0, 60].map((Timestamp, index) => ({ Timestamp, Sum: 10 + 10 * index })) },
    ],
    [
      'query_range',
      {
        status: 'success',
        data: {
          resultType: 'matrix',
          result: [{ metric: {}, values: [0, 60].map((at, index) => [at, `${10 + 10 * index}`]) }],
        },
      },
    ],
  ];
  it.each(kinds)('is known as %s by its content, whatever its name', async (_kind, content) => {
    const { reading, notes } = await readTraceFile(write('traffic', content), {});
    expect(reading).toMatchObject({ kind: 'trace', trace: minute });
    expect(notes).toEqual([]);
  });

  it('may be a store, whose journal tells what a group carried at each tick', async () => {
    const path = join(folder, 'store.db');
    const store = openStore({ path, foretideVersion: '0.1.0' });
    await store.journal.append([0, 1, 2].map((second) => tickEntry('web', second)));
    await store.close();
    const { reading, notes } = await readTraceFile(path, { series: 'cpu' });
    expect(reading).toMatchObject({ kind: 'trace', trace: { stepSeconds: 1 } });
    // Twelve in service, at 40 % in the first second.
    expect(reading.kind === 'trace' && reading.trace.values[0]).toBeCloseTo(4.8, 6);
    expect(notes.join('\n')).toMatch(/web carried of cpu.*\n.*means of 60 s.*\n.*busy instances/);
    await expect(readTraceFile(path, { group: 'api' })).rejects.toThrow(
      'no group api; the journal has: web',
    );
  });

  it('is refused in one line where it is nothing known, or is not there', async () => {
    const { reading } = await readTraceFile(write('odd.json', { requests: [1, 2] }), {});
    expect(reading).toMatchObject({ kind: 'refused', problems: [{ code: 'unknown-shape' }] });
    await expect(readTraceFile(join(folder, 'none.csv'), {})).rejects.toThrow('cannot be read');
  });
});
