import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

function load(policy: string, more = ''): ReturnType<typeof loadConfig> {
  const text = `groups:\n  - name: web\n    max: 9\n    policies:\n      - { type: backlog, ${policy} }\n${more}`;
  return loadConfig(text, 'foretide.yaml');
}

function mistakes(...args: Parameters<typeof load>): readonly string[] {
  const outcome = load(...args);
  return outcome.ok ? [] : outcome.errors.map((error) => formatConfigError(error));
}

describe('a backlog policy in a file', () => {
  it('makes the sources that count its queue', () => {
    const outcome = load('queue: jobs, promise: 5m, deadLetterQueue: jobs-failed, every: 10s');
    if (!outcome.ok) throw new Error(mistakes('queue: jobs, promise: 5m').join('\n'));
    const [group] = outcome.config.groups;
    expect(group?.sources.map(({ name, everyMs }) => ({ name, everyMs }))).toEqual([
      { name: 'queue:visible', everyMs: 10_000 },
      { name: 'queue:inFlight', everyMs: 10_000 },
      { name: 'queue:dead', everyMs: 10_000 },
    ]);
    expect(group?.group.policies).toMatchObject([
      {
        type: 'backlog',
        name: 'backlog(jobs)',
        mode: 'promise',
        promiseMs: 300_000,
        firstDurationMs: 25_000,
        firstLeadMs: 120_000,
        workersPerInstance: 1,
        counts: { visible: 'queue:visible', inFlight: 'queue:inFlight', dead: 'queue:dead' },
      },
    ]);
  });

  it.each([
    ['queue: jobs', 'promise'],
    ['promise: 5m', 'queues, or counts of a queue'],
    ['queue: jobs, promise: 0s', '0s'],
    ['queue: "no queue!", promise: 5m', 'no queue!'],
    ['queue: jobs, promise: 5m, firstDuration: 0s', '0s'],
    ['queue: jobs, promise: 5m, firstDuration: 13h', '13h'],
    ['queue: jobs, promise: 5m, workersPerInstance: 0', '0'],
    ['queue: jobs, promise: 5m, mode: setter', 'setter: found nothing'],
    ['queue: jobs, promise: 5m, setter: {policy: keep}', 'setter with mode: promise'],
    ['queue: jobs, promise: 5m, mode: setter, setter: {}', 'policy'],
    ['queue: jobs, promise: 5m, mode: setter, setter: {policy: keep, renewEvery: 5s}', '5s'],
    [
      'queue: jobs, promise: 5m, mode: setter, setter: {policy: a, metric: {namespace: AWS/SQS}}',
      'AWS',
    ],
    ['queue: jobs, promise: 5m, target: 12', 'target with mode: promise'],
  ])('is refused in one line with its mistake: %s', (policy, found) => {
    const lines = mistakes(policy);
    expect(lines.length).toBe(1);
    expect(lines[0]).toContain(found);
  });

  it('may say how many message groups there are, by number or by signals', () => {
    const read = (value: string) => {
      const outcome = load(`queue: jobs.fifo, promise: 5m, messageGroups: ${value}`);
      const policy = outcome.ok ? outcome.config.groups[0]?.group.policies[0] : undefined;
      return policy?.type === 'backlog' ? policy.messageGroups : undefined;
    };
    expect(read('8')).toEqual({ kind: 'count', groups: 8 });
    expect(read('"min(8, tenants)"')).toMatchObject({
      kind: 'signal',
      selector: { signal: 'min(8, tenants)' },
    });
    const outcome = load('queue: jobs.fifo, promise: 5m');
    expect(outcome.ok && outcome.config.groups[0]?.group.policies[0]).toMatchObject({
      messageGroups: { kind: 'learned' },
    });
    const standard = load('queue: jobs, promise: 5m');
    expect(standard.ok && standard.config.groups[0]?.group.policies[0]).not.toHaveProperty(
      'messageGroups',
    );
    const wrong = (value: string) =>
      mistakes(`queue: jobs.fifo, promise: 5m, messageGroups: ${value}`).join();
    for (const value of ['0', '1.5', '"tenants +"', '[]']) {
      expect(wrong(value)).toContain('messageGroups');
    }
  });

  it('may be counted by sources of any kind', () => {
    const queries = ['ready', 'unacked'].map(
      (name) =>
        `{ name: ${name}, type: prometheus, url: http://p:9090, query: ${name}, every: 15s }`,
    );
    const sources = `    sources: [${queries.join(', ')}]\n`;
    const counts = 'counts: { visible: ready, inFlight: unacked }';
    const outcome = load(`${counts}, promise: 5m`, sources);
    if (!outcome.ok) throw new Error(outcome.errors.map(formatConfigError).join('\n'));
    const [group] = outcome.config.groups;
    expect(group?.sources.map(({ name }) => name)).toEqual(['ready', 'unacked']);
    expect(group?.group.policies).toMatchObject([
      {
        name: 'backlog(ready)',
        counts: { visible: 'ready', inFlight: 'unacked', dead: null },
        staleAfterMs: 45_000,
      },
    ]);
    const wrong = (policy: string): string => mistakes(`${policy}, promise: 5m`, sources).join();
    expect(wrong(`${counts}, queue: jobs`)).toContain('queue beside counts');
    expect(wrong(`${counts}, every: 5s`)).toContain('every beside counts');
    expect(wrong('counts: { visible: ready }')).toContain('inFlight');
    expect(wrong('counts: { visible: redy, inFlight: unacked }')).toContain(
      'found "redy", allowed: a source of the whole group (ready, unacked)',
    );
  });

  it('may leave an AWS policy in charge, alone in its group', () => {
    const setter = 'queue: jobs, promise: 5m, mode: setter, target: 12, setter: {policy: keep}';
    const outcome = load(setter);
    if (!outcome.ok) throw new Error(mistakes(setter).join('\n'));
    expect(outcome.config.groups[0]?.group.policies).toMatchObject([
      {
        mode: 'setter',
        fixedTarget: 12,
        setter: {
          nativePolicy: 'keep',
          renewEveryMs: 300_000,
          publishEveryMs: 60_000,
          metric: { namespace: 'Foretide', name: 'BacklogPerInstance', dimensions: null },
        },
      },
    ]);
    const second = '      - { type: fixed, size: 3 }\n';
    expect(mistakes(setter, second).join()).toContain('a setter beside other policies');
  });

  it('is alone in its group, and its signals are its own', () => {
    const second = '      - { type: backlog, name: other, queue: b, promise: 5m }\n';
    expect(mistakes('queue: a, promise: 5m', second).join()).toContain('a second backlog policy');
    const source = '    sources:\n      - { name: "queue:visible", type: sqs, queue: a }\n';
    expect(mistakes('queue: a, promise: 5m', source).join()).toContain('has a meaning already');
  });
});
