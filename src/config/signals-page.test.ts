// Loads the examples of docs/signals.md: each is settings of a group.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/signals.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, settings = '']) => settings);

describe('docs/signals.md', () => {
  it('shows every type of source', () => {
    const types = examples.flatMap((settings) =>
      [...settings.matchAll(/type: (sqs|cloudwatch|prometheus|http)\b/g)].map(([, type]) => type),
    );
    expect([...new Set(types)].toSorted()).toEqual(['cloudwatch', 'http', 'prometheus', 'sqs']);
  });

  it.each(examples)('has an example that loads: %s', (settings) => {
    const indented = settings.replaceAll(/^/gm, '    ');
    const text = `groups:\n  - name: web\n    max: 100\n${indented}`;
    const outcome = loadConfig(text, 'example.yaml');
    expect(outcome.ok ? [] : outcome.errors.map(formatConfigError)).toEqual([]);
  });
});
