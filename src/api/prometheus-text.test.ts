import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricFamily } from '../controller/ports/control.ts';
import { formatMetrics } from './prometheus-text.ts';
import { parseMetrics } from './testing/prometheus-parser.ts';

/** Texts that escaping can go wrong on. */
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('\\', '\n', '"', 'n', '{', '}', ',', '=', ' ', 'ü') }),
);
const anyFamily: fc.Arbitrary<MetricFamily> = fc.record({
  name: fc.constant('foretide_thing_total'),
  // A carriage return or the like ends no line in this format.
  help: anyText,
  type: fc.constant('gauge'),
  samples: fc.uniqueArray(
    fc.record({
      labels: fc.dictionary(fc.constantFrom('group', 'kind', 'selector'), anyText, {
        noNullPrototype: true,
      }),
      value: fc.double(),
    }),
    { selector: ({ labels }) => JSON.stringify(Object.entries(labels).toSorted()), maxLength: 5 },
  ),
});

describe('the text for Prometheus', () => {
  it('is read back as it was meant, whatever labels, help and values hold', () => {
    fc.assert(
      fc.property(anyFamily, (family) => {
        const parsed = parseMetrics(formatMetrics([family])).get(family.name);
        expect(parsed?.help).toBe(family.help);
        expect(parsed?.type).toBe('gauge');
        expect(parsed?.samples).toEqual(
          family.samples.map(({ labels, value }) => ({
            name: family.name,
            labels,
            value: value === 0 ? 0 : value,
          })),
        );
      }),
    );
  });

  it('writes a summary with its quantiles, sum and count', () => {
    const family: MetricFamily = {
      name: 'foretide_tick_seconds',
      help: 'How long.',
      type: 'summary',
      samples: [
        { labels: { quantile: '0.5' }, value: 0.002 },
        { suffix: '_sum', labels: {}, value: 1.5 },
        { suffix: '_count', labels: {}, value: 600 },
      ],
    };
    expect(formatMetrics([family])).toBe(
      [
        '# HELP foretide_tick_seconds How long.',
        '# TYPE foretide_tick_seconds summary',
        'foretide_tick_seconds{quantile="0.5"} 0.002',
        'foretide_tick_seconds_sum 1.5',
        'foretide_tick_seconds_count 600',
        '',
      ].join('\n'),
    );
  });
});
