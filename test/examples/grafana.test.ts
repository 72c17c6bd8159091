// The examples for Grafana and Prometheus ask for metrics that there are, with labels that they have.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const dashboard = z.object({
  uid: z.string(),
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      description: z.string(),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int().max(24), h: z.int() }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string() })).min(1),
    }),
  ),
  annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
});

const rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Foretide[A-Za-z]+$/),
          expr: z.string(),
          for: z.string().regex(/^\d+m$/),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** Metrics and their labels, from the table of the documentation. */
const documented = new Map(
  [...readText('docs/http.md').matchAll(/^\| `(foretide_\w+)` \| \w+ \| (.*?) \|/gm)].map(
    ([, name = '', labels = '']) => [name, [...labels.matchAll(/`(\w+)`/g)].map(([, one]) => one)],
  ),
);

function listUnknown(expression: string): readonly string[] {
  const used = [...expression.matchAll(/\b(foretide_\w+)(?:\{([^}]*)\})?/g)];
  return used.flatMap(([, name = '', matchers = '']) => {
    const known = documented.get(name);
    if (known === undefined) return [name];
    const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label);
    return labels.filter((label) => !known.includes(label)).map((label) => `${name}{${label}}`);
  });
}

describe('the Grafana dashboard and the alert rules', () => {
  const board = dashboard.parse(JSON.parse(readText('examples/grafana/foretide-dashboard.json')));
  const alerts = rules.parse(parse(readText('examples/grafana/foretide-alerts.yaml')));
  const alertRules = alerts.groups.flatMap((group) => group.rules);

  it('ask only for documented metrics and labels', () => {
    const expressions = [
      ...board.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...board.annotations.list.map(({ expr }) => expr),
      ...alertRules.map(({ expr }) => expr),
    ];
    expect(documented.size).toBeGreaterThan(20);
    expect(expressions.length).toBeGreaterThan(20);
    expect(expressions.flatMap(listUnknown)).toEqual([]);
  });

  it('show every documented metric but those that never change', () => {
    const text = JSON.stringify(board);
    const unshown = [...documented.keys()].filter((name) => !text.includes(name));
    expect(unshown.toSorted()).toEqual([
      'foretide_group_held',
      'foretide_info',
      'foretide_journal_failures_total',
      'foretide_start_time_seconds',
    ]);
  });

  it('have panels that lie side by side and not upon each other', () => {
    const cells = board.panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
  });

  it('name each alert once', () => {
    const names = alertRules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
  });
});
