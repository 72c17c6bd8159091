import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import type { GroupConfig } from './config.ts';
import { loadConfig } from './load-config.ts';

/** One mistake and the one line that tells of it. */
type Mistake = readonly [mistake: string, error: string];

function errorsOf(text: string): string[] {
  const outcome = loadConfig(text, 'f.yaml');
  return outcome.ok ? [] : outcome.errors.map(formatConfigError);
}

function inGroup(written: string): string {
  return `groups: [{name: web, max: 9, ${written}}]`;
}

function inSources(written: string): string {
  return inGroup(`sources: [${written}]`);
}

function checkMistakes(mistakes: readonly Mistake[], inFile: (written: string) => string): void {
  it.each(mistakes)('%s', (written, error) => {
    expect(errorsOf(inFile(written))).toEqual([expect.stringContaining(error)]);
  });
}

function load(settings: string, defaults = '{}'): GroupConfig {
  const text = `{defaults: ${defaults}, groups: [{name: web, max: 9, ${settings}}]}`;
  const outcome = loadConfig(text, 'f.yaml');
  const group = outcome.ok ? outcome.config.groups[0] : undefined;
  if (group === undefined) throw new Error(errorsOf(text).join('\n'));
  return group;
}

const jobs = '{name: queue, type: sqs, queue: jobs}';
const http = (rest: string): string => `{name: a, type: http, ${rest}}`;
const cloudWatch = (rest: string): string => `{name: a, type: cloudwatch, ${rest}}`;
const metric = (rest: string): string => `{id: m, namespace: App, metric: x, ${rest}}`;

describe('mistakes in any source', () => {
  checkMistakes(
    [
      ['queue', 'sources[0]: found "queue", allowed: a mapping with type: sqs, cloudwatch'],
      ['{name: a}', 'sources[0].type: found nothing, allowed: sqs, cloudwatch, prometheus, http'],
      ['{name: a, type: sqqs}', 'type: found "sqqs", nearest to sqs, allowed: sqs, cloudwatch'],
      ['{type: sqs, queue: jobs}', 'sources[0].name: found nothing, allowed: a name'],
      ['{name: 1st, type: sqs, queue: jobs}', 'name: found "1st", allowed: a letter, then letters'],
      [`${jobs}, ${jobs}`, 'sources[1].name: found a second source called "queue"'],
      [
        '{name: cpu, type: sqs, queue: jobs}',
        'name: found "cpu", which the agents measure, allowed: a name that no signal of theirs has',
      ],
      [
        "{name: 'connections:80', type: sqs, queue: jobs}",
        'found "connections:80", which the agents',
      ],
      ['{name: instances, type: sqs, queue: jobs}', '"instances", which has a meaning already'],
      ['{name: a, type: sqs, queue: b, evry: 5s}', 'evry: found an unknown key, nearest to every'],
      [
        '{name: a, type: sqs, queue: b, every: 5}',
        'every: found 5, allowed: a duration from 1s to 1h',
      ],
      ['{name: a, type: sqs, queue: b, scale: 0}', 'scale: found 0, allowed: a number above 0'],
      ['{name: a, type: sqs, queue: b, measures: groups}', '"groups", nearest to group, allowed'],
    ],
    inSources,
  );
});

describe('mistakes in a source of SQS', () => {
  checkMistakes(
    [
      ['', 'queue: found nothing, allowed: queue: the name of a queue'],
      ['queue: a, queues: [{queue: b}]', 'queue: found both queue and queues'],
      ['queue: a b', 'queue: found "a b", allowed: the name of a queue (letters, digits, - and _'],
      [
        'queue: https://example.com/jobs',
        'queue: found another URL, allowed: a URL such as https://sqs',
      ],
      ["queue: 'http://169.254.169.254/123456789012/jobs'", 'found 169.254.169.254, a link-local'],
      ['queues: []', 'queues: found a list, allowed: a list of 1 to 20 mappings with queue'],
      ['queues: [{queue: a, weight: -1}]', 'queues[0].weight: found -1, allowed: a number above 0'],
      ['queue: a, attribute: visable', 'attribute: found "visable", nearest to visible, allowed'],
      [
        'queue: a, account: 123456789012',
        'account: found 123456789012, allowed: an account id of 12',
      ],
      ['queue: a, region: Ireland', 'region: found "Ireland", allowed: a region such as'],
      [
        'queues: [{queue: https://sqs.eu-west-1.amazonaws.com/123456789012/a}, {queue: https://sqs.us-east-1.amazonaws.com/123456789012/a}]',
        'queues: found queues of eu-west-1 and us-east-1, allowed: queues of one region',
      ],
    ],
    (written) => inSources(`{name: a, type: sqs, ${written}}`),
  );
});

describe('mistakes in a source of CloudWatch', () => {
  checkMistakes(
    [
      [cloudWatch(''), 'metrics: found nothing, allowed: a list of 1 to 50 mappings with id'],
      [
        cloudWatch(`metrics: [${metric('')}, {id: n, namespace: App, metric: x}]`),
        'expression: found 2 metrics without an expression, allowed: metric math',
      ],
      [
        cloudWatch(`metrics: [${metric('')}, ${metric('')}], expression: m`),
        'metrics[1].id: found a second metric with the id "m"',
      ],
      [
        cloudWatch(`metrics: [{id: M, namespace: App, metric: x}]`),
        'id: found "M", allowed: a small',
      ],
      [
        cloudWatch(`metrics: [${metric('period: 90s')}]`),
        'period: found "90s", allowed: 1s, 5s, 10s',
      ],
      [
        cloudWatch(`metrics: [${metric('statistic: Mean')}]`),
        'statistic: found "Mean", allowed: a stat',
      ],
      [
        cloudWatch(`metrics: [${metric('dimensions: {a: 1}')}]`),
        'dimensions.a: found 1, allowed: text',
      ],
    ],
    inSources,
  );
});

describe('mistakes in a source by HTTP', () => {
  checkMistakes(
    [
      [http(''), 'url: found nothing, allowed: http:// or https://, and an address'],
      [http('url: ftp://a'), 'url: found "ftp://a", allowed: http:// or https://'],
      [http('url: http://169.254.169.254/x'), 'url: found 169.254.169.254, a link-local address'],
      [http("url: 'http://[fe80::1]/x'"), 'url: found [fe80::1], a link-local address'],
      [http("url: 'http://[::ffff:169.254.1.1]/x'"), 'a link-local address'],
      [http('url: https://ada:pw@a.example/x'), 'url: found an address with a user or password'],
      [http('url: https://a.example/x#y'), 'url: found an address of another form'],
      [
        http('url: http://a.example/x, tokenFile: t'),
        'url: found a token for an http:// address, which all on the way could read',
      ],
      [
        http('url: https://a.example, tokenFile: t, tokenVariable: T'),
        'tokenVariable: found both tokenFile and tokenVariable, allowed: one of them',
      ],
      [http('url: https://a.example, token: s3cr3t'), 'token: found an unknown key'],
      [
        http('url: https://a.example, pointer: a/b'),
        'pointer: found "a/b", allowed: a JSON pointer',
      ],
      [
        http('url: https://a.example, pointer: /a~2'),
        'pointer: found "/a~2", allowed: a JSON pointer',
      ],
      [
        http('url: https://a.example, timeout: 1m'),
        'timeout: found "1m", allowed: a duration from',
      ],
      [
        '{name: a, type: prometheus, url: https://a.example}',
        'query: found nothing, allowed: PromQL',
      ],
    ],
    inSources,
  );
});

describe('a source in a policy', () => {
  const tracking = (rest: string): string =>
    `policies: [{type: target-tracking, signal: queue, target: 100, ${rest}}]`;

  it('is a total, so that a target is for one instance', () => {
    const { group } = load(`sources: [${jobs}], ${tracking('')}`);
    expect(group.policies[0]).toMatchObject({ selector: { signal: 'queue', statistic: 'sum' } });
  });

  it('is a mean where it measures one instance', () => {
    const source = '{name: queue, type: sqs, queue: jobs, measures: instance}';
    const { group } = load(`sources: [${source}], ${tracking('')}`);
    expect(group.policies[0]).toMatchObject({ selector: { statistic: 'mean' } });
  });

  it('enters an expression as it is', () => {
    const policy =
      '{type: step, signal: (queue + connections) / instances, statistic: max, steps: [{from: 1, change: 1}]}';
    const { group } = load(`sources: [${jobs}], policies: [${policy}]`);
    expect(JSON.stringify(group.policies)).toContain('"sum(queue)/1000ms"');
    expect(JSON.stringify(group.policies)).toContain('"max(connections)/1000ms"');
  });

  it('is that of the group, also for a policy of the defaults', () => {
    const defaults = `{${tracking('')}}`;
    expect(load(`sources: [${jobs}]`, defaults).group.policies[0]).toMatchObject({
      selector: { statistic: 'sum' },
    });
    expect(load('min: 1', defaults).group.policies[0]).toMatchObject({
      selector: { statistic: 'mean' },
    });
  });

  checkMistakes(
    [
      [
        'statistic: mean',
        'statistic: found mean of the source queue, which is one number, allowed: sum, or none',
      ],
    ],
    (rest) => inGroup(`sources: [${jobs}], ${tracking(rest)}`),
  );
});

describe('what a source says nothing of', () => {
  it('is as good for its kind', () => {
    const url = 'https://a.example';
    const { sources } = load(
      `sources: [${jobs}, {name: b, type: http, url: '${url}', every: 1m}, {name: c, type: cloudwatch, metrics: [${metric('period: 5m')}]}]`,
    );
    const terms = sources.map(({ everyMs, staleAfterMs }) => ({ everyMs, staleAfterMs }));
    expect(terms).toEqual([
      { everyMs: 5000, staleAfterMs: 15_000 },
      { everyMs: 60_000, staleAfterMs: 180_000 },
      { everyMs: 60_000, staleAfterMs: 1_500_000 },
    ]);
  });

  it('is told by the URL of a queue, where it is the region', () => {
    const queue = 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs';
    const { sources } = load(`sources: [{name: queue, type: sqs, queue: '${queue}'}]`);
    expect(sources[0]?.origin).toMatchObject({ region: 'eu-west-1', queues: [{ queue }] });
  });
});
