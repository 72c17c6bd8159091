// The tables of metrics hold what there is, and nothing else: Prometheus's in docs/http.md, CloudWatch's
// in docs/publishing.md, alert rules and dashboards by the names of the first.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { GroupStatus } from '../../src/controller/ports/control.ts';
import type { ToldForecast } from '../../src/controller/ports/forecast.ts';
import { listMetrics } from '../../src/publish/list-metrics.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const namesIn = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted();

const families = [
  ...namesIn(read('src/controller/metrics.ts'), /'(foretide_\w+)'/gu),
  ...namesIn(read('src/api/compatibility-routes.ts'), /'(foretide_\w+)'/gu),
].toSorted();

it("docs/http.md lists every family of Prometheus's format, and no other", () => {
  expect(families.length).toBeGreaterThan(20);
  expect(namesIn(read('docs/http.md'), /^\| `(foretide_\w+)`/gmu)).toEqual(families);
});

it('docs/operating.md and the dashboard of Grafana name only what there is', () => {
  const known = new Set(families);
  const pages = [
    'docs/operating.md',
    'examples/grafana/foretide-dashboard.json',
    'examples/grafana/foretide-alerts.yaml',
  ];
  for (const page of pages) {
    const named = namesIn(read(page), /\b(foretide_[a-z_]+)/gu).map((name) =>
      name.replace(/_(?:sum|count)$/u, ''),
    );
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  }
});

it('docs/publishing.md lists every metric that CloudWatch is told, and no other', () => {
  // Only what makes names is of interest here.
  const status = {
    name: 'web',
    desired: 1,
    inService: 1,
    pending: 0,
    silent: 0,
    demand: 1,
    queue: {
      visible: 1,
      inFlight: 1,
      meanDurationMs: 1,
      backlogPerInstance: 1,
      acceptableBacklog: 1,
      promiseMs: 1,
    },
    signals: { cpu: { value: 1, at: 0, instances: 1 } },
  } as unknown as GroupStatus;
  const forecast = {
    isUsable: true,
    levels: [0.5, 0.9],
    quantiles: [[1, 2]],
    demand: 1,
    start: 0,
    stepMs: 300_000,
    sizing: { leadMs: 0 },
  } as unknown as ToldForecast;
  const told = listMetrics({ groups: () => [status], forecast: () => forecast }, 0);
  const [, table = ''] = read('docs/publishing.md').split('| metric | dimensions | what it is |');
  const rows = (table.split('\n\n')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  const listed = rows.flatMap((row) => namesIn(row.split('|')[1] ?? '', /`(\w+)`/gu));
  expect(listed.toSorted()).toEqual([...new Set(told.map(({ name }) => name))].toSorted());
});
