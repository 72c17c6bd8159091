import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import type { Config, GroupConfig } from './config.ts';
import { loadConfig } from './load-config.ts';

function load(text: string): Config {
  const outcome = loadConfig(text, 'f.yaml');
  if (!outcome.ok) throw new Error(outcome.errors.map(formatConfigError).join('\n'));
  return outcome.config;
}

function loadGroup(settings: string, defaults = '{}'): GroupConfig {
  const [group] = load(
    `{defaults: ${defaults}, groups: [{name: web, max: 9, ${settings}}]}`,
  ).groups;
  if (group === undefined) throw new Error('no group');
  return group;
}

describe('a group of four lines', () => {
  it('is complete', () => {
    expect(load('groups:\n  - name: web\n    min: 2\n    max: 20\n')).toEqual({
      broker: {
        kind: 'embedded',
        listen: { host: '127.0.0.1', port: 1883 },
        tls: null,
        credentials: null,
      },
      api: { listen: { host: '127.0.0.1', port: 8080 }, tls: null, tokens: [] },
      store: { path: '.foretide/store.db', onCorrupt: 'refuse' },
      publish: { region: null, roleArn: null, cloudWatch: null, eventBridge: null },
      discover: null,
      loadTopics: [],
      groups: [
        {
          group: {
            name: 'web',
            mode: 'active',
            min: 2,
            max: 20,
            warmupMs: 60_000,
            // The policy keeps surplus by itself.
            cooldown: { scaleOutMs: 0, scaleInMs: 0 },
            stabilization: { scaleOutMs: 0, scaleInMs: 0 },
            minReportingRatio: 0.5,
            policies: [
              {
                type: 'demand',
                name: 'demand',
                violationRatio: 0.005,
                isForecasting: true,
                staleAfterMs: 30_000,
              },
            ],
            minHealthyRatio: 0.5,
            drainWithinMs: 600_000,
            coexistence: { reaction: 'yield', settleMs: 120_000 },
          },
          target: { autoScalingGroup: 'web', region: null, roleArn: null },
          honorCooldown: false,
          staleAfterMs: 10_000,
          pricePerInstanceHour: null,
          sources: [],
          demand: null,
          forecast: { signal: 'cpu', isTotal: false, everyMs: 10_000 },
          calendar: { schedules: [], freezes: [] },
        },
      ],
    });
  });
});

describe('a group', () => {
  it('may have a name of its own', () => {
    const { groups } = load('groups: [{name: "a:b", autoScalingGroup: web, max: 1}]');
    expect(groups[0]?.group.name).toBe('a:b');
    expect(groups[0]?.target.autoScalingGroup).toBe('web');
    expect(load('groups: [{autoScalingGroup: web, max: 1}]').groups[0]?.group.name).toBe('web');
  });

  it('holds back by demand alone only what it is told to', () => {
    const none = { scaleOutMs: 0, scaleInMs: 0 };
    expect(loadGroup('policies: [{type: demand}]').group.cooldown).toEqual(none);
    const told = loadGroup('cooldown: 1m', '{stabilization: 5m}').group;
    expect(told.cooldown).toEqual({ scaleOutMs: 60_000, scaleInMs: 60_000 });
    expect(told.stabilization).toEqual({ scaleOutMs: 0, scaleInMs: 300_000 });
    const beside = 'policies: [{type: demand}, {type: target-tracking, signal: cpu, target: 60%}]';
    expect(loadGroup(beside).group.stabilization.scaleInMs).toBe(300_000);
  });

  it('takes the load of a demand policy as a sum, whatever it is made of', () => {
    const loadOf = (text: string) => {
      const [policy] = loadGroup(`policies: [{type: demand, load: ${text}}]`).group.policies;
      return policy?.type === 'demand' ? policy.load : undefined;
    };
    expect(loadOf('requestsPerSecond')?.key).toBe('sum(requestsPerSecond)/1000ms');
    expect(loadOf('reads + 5 * writes')?.expression).toMatchObject({ operator: '+' });
  });

  it('takes the demand of the group as the load of its demand policy', () => {
    const policyOf = (settings: string, policy: string) => {
      const [read] = loadGroup(`${settings}, policies: [{${policy}}]`).group.policies;
      return read?.type === 'demand' ? read : undefined;
    };
    const written = 'demand: 5 * writes';
    const [silent, named] = ['type: demand', 'type: demand, load: demand'].map((policy) =>
      policyOf(written, policy),
    );
    // The load of the whole group, and not of an instance of it.
    expect(silent?.load?.expression).toMatchObject({ operator: '*', left: { value: 5 } });
    expect(silent?.load?.key).toBe('5 * writes');
    expect(named).toEqual(silent);
    const other = policyOf(written, 'type: demand, load: reads');
    expect(other?.load?.key).toBe('sum(reads)/1000ms');
    expect(policyOf('demand: cpu', 'type: demand')?.load).toBeUndefined();
  });

  it('takes its settings before those of defaults, and those before the built-in ones', () => {
    const { group, ...edges } = loadGroup(
      'warmup: 5m, cooldown: {scaleOut: 10s}',
      '{min: 3, warmup: 1m, mode: advise, cooldown: 4m, staleAfter: 30s, honorCooldown: true, region: eu-west-1}',
    );
    expect(group).toMatchObject({
      min: 3,
      mode: 'advise',
      warmupMs: 300_000,
      // The group's mapping replaces the 4 minutes; what it lacks is built in.
      cooldown: { scaleOutMs: 10_000, scaleInMs: 60_000 },
    });
    expect(edges).toMatchObject({
      staleAfterMs: 30_000,
      honorCooldown: true,
      target: { region: 'eu-west-1' },
    });
  });

  it('takes one cooldown for both directions, one stabilization for scale-in', () => {
    const { group } = loadGroup('cooldown: 2m, stabilization: 3m');
    expect(group.cooldown).toEqual({ scaleOutMs: 120_000, scaleInMs: 120_000 });
    expect(group.stabilization).toEqual({ scaleOutMs: 0, scaleInMs: 180_000 });
  });

  it('replaces the policies of defaults, and adds nothing to them', () => {
    const defaults = '{policies: [{type: target-tracking, signal: cpu, target: 50%}]}';
    const own = 'policies: [{type: target-tracking, signal: connections, target: 100}]';
    expect(loadGroup('min: 1', defaults).group.policies).toMatchObject([{ target: 0.5 }]);
    expect(loadGroup(own, defaults).group.policies).toMatchObject([{ target: 100 }]);
  });

  it('may be of the same name as one in another region or account', () => {
    const role = (account: string): string => `arn:aws:iam::${account}:role/x`;
    const groups = [
      '{name: a, autoScalingGroup: web, region: eu-west-1, max: 1}',
      '{name: b, autoScalingGroup: web, region: eu-west-2, max: 1}',
      `{name: c, autoScalingGroup: web, region: eu-west-1, role: "${role('123456789012')}", max: 1}`,
      `{name: d, autoScalingGroup: web, region: eu-west-1, role: "${role('210987654321')}", max: 1}`,
    ];
    expect(load(`groups: [${groups.join(', ')}]`).groups).toHaveLength(4);
  });
});

describe('a policy', () => {
  it('keeps a target in the unit of its signal', () => {
    const policies = [
      '{type: target-tracking, signal: memoryAvailableBytes, target: 512MiB}',
      '{type: target-tracking, signal: latencyMs, target: 200ms, statistic: p95, window: 1m}',
      '{type: target-tracking, signal: connections, target: 100, statistic: sum, tolerance: {scaleIn: 20%}}',
      '{type: target-tracking, signal: cpu, target: 0.7, tolerance: 5%, name: cpu}',
    ];
    expect(loadGroup(`policies: [${policies.join(', ')}]`).group.policies).toMatchObject([
      { target: 536_870_912 },
      { target: 200, selector: { key: 'p95(latencyMs)/60000ms' } },
      { target: 100, tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.2 } },
      { target: 0.7, tolerance: { scaleOutRatio: 0.05, scaleInRatio: 0.05 }, name: 'cpu' },
    ]);
  });

  it('has its steps in order, whatever order they are written in', () => {
    const steps =
      '[{from: 70%, to: 85%, change: 1}, {from: 85%, change: 3}, {to: 30%, change: -1}]';
    const policy = `{type: step, signal: cpu, steps: ${steps}}`;
    expect(loadGroup(`policies: [${policy}]`).group.policies).toMatchObject([
      {
        type: 'step',
        adjustment: 'change-in-capacity',
        minAdjustment: 1,
        steps: [
          { lower: null, upper: 0.3, change: -1 },
          { lower: 0.7, upper: 0.85, change: 1 },
          { lower: 0.85, upper: null, change: 3 },
        ],
      },
    ]);
  });

  it.each([
    ['percent-change-in-capacity', '20%', 0.2],
    ['percent-change-in-capacity', '-0.1', -0.1],
    ['exact-capacity', '0', 0],
    ['change-in-capacity', '-2', -2],
  ])('of %s takes a change of %s', (adjustment, written, change) => {
    const steps = `[{from: 70%, change: ${written}}]`;
    const policy = `{type: step, signal: cpu, adjustment: ${adjustment}, steps: ${steps}}`;
    expect(loadGroup(`policies: [${policy}]`).group.policies).toMatchObject([
      { steps: [{ change }] },
    ]);
  });

  it('may remove where its signal is high and add where it is low', () => {
    const steps = '[{to: 10%, change: 2}, {from: 60%, change: -1}]';
    const policy = `{type: step, signal: memoryAvailableRatio, steps: ${steps}}`;
    expect(loadGroup(`policies: [${policy}]`).group.policies).toHaveLength(1);
  });

  it('may set exact sizes in steps without a gap', () => {
    const steps = '[{to: 100, change: 1}, {from: 100, to: 200, change: 5}, {from: 200, change: 9}]';
    const policy = `{type: step, signal: connections, adjustment: exact-capacity, steps: ${steps}}`;
    expect(loadGroup(`policies: [${policy}]`).group.policies).toMatchObject([
      { steps: [{}, { lower: 100, upper: 200 }, {}] },
    ]);
  });

  it('by threshold is the two steps that it stands for', () => {
    const policy =
      '{type: threshold, signal: cpu, scaleOutAbove: 70%, scaleInBelow: 30%, change: 2}';
    expect(loadGroup(`policies: [${policy}]`).group.policies).toMatchObject([
      {
        type: 'step',
        name: 'threshold(cpu)',
        adjustment: 'change-in-capacity',
        steps: [
          { lower: null, upper: 0.3, change: -2 },
          { lower: 0.7, upper: null, change: 2 },
        ],
      },
    ]);
  });
});

describe('a broker', () => {
  const group = 'groups: [{name: web, max: 1}]';

  it('may be reachable from outside with TLS and credentials', () => {
    const listening =
      'broker: {listen: "[::]:8883", tls: {cert: a.crt, key: a.key}, credentials: c.json}';
    expect(load(`${listening}\n${group}`).broker).toEqual({
      kind: 'embedded',
      listen: { host: '::', port: 8883 },
      tls: { cert: 'a.crt', key: 'a.key', ca: null },
      credentials: 'c.json',
    });
  });

  it.each([
    ['mqtt://broker', 'mqtt://broker:1883'],
    ['mqtts://broker.example.com/', 'mqtts://broker.example.com:8883'],
    ['mqtts://[::1]:18830', 'mqtts://[::1]:18830'],
  ])('may be an outside one at %s', (written, url) => {
    expect(load(`broker: {url: "${written}"}\n${group}`).broker).toMatchObject({ url });
  });

  it('may be logged in to', () => {
    const written =
      'broker: {url: "mqtts://b", tls: {ca: ca.pem, cert: c.pem, key: k.pem}, username: u, passwordFile: p}';
    expect(load(`${written}\n${group}`).broker).toEqual({
      kind: 'outside',
      url: 'mqtts://b:8883',
      tls: { ca: 'ca.pem', identity: { cert: 'c.pem', key: 'k.pem' } },
      username: 'u',
      passwordFile: 'p',
    });
  });
});

describe('any text at all', () => {
  const lines = [
    'groups:',
    '  - name: web',
    '    max: 3',
    '    min: 5',
    '    cooldown: {scaleOut: 5s, x: 1}',
    '    policies: &p',
    '    policies: *p',
    '      - {type: step, signal: cpu, steps: [{from: 10%, change: 1}, null, 3, {}]}',
    '      - {type: threshold, signal: cpu}',
    '      - 7',
    'defaults: {policies: [{}], max: .inf, role: 3}',
    'broker: {listen: 0.0.0.0:1, url: mqtt://a:b@c, tls: {}}',
    'api: null',
    'loadTopics: [{topic: "#", group: 3}, 5]',
    '__proto__: {a: [b]}',
    '? {a: b}',
    '- !!set {a}',
    '\t',
  ];

  it('is a configuration or a list of mistakes, each on one line and in order', () => {
    const anyText = fc.oneof(
      fc.array(fc.constantFrom(...lines), { maxLength: 14 }).map((some) => some.join('\n')),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const outcome = loadConfig(text, 'f.yaml');
        if (outcome.ok) return;
        expect(outcome.errors.length).toBeGreaterThan(0);
        const places = outcome.errors.map(({ line }) => line);
        expect(places).toEqual(places.toSorted((one, other) => one - other));
        for (const error of outcome.errors) {
          expect(formatConfigError(error)).toMatch(
            /^f\.yaml:\d+:\d+ [^\r\n]+, allowed: [^\r\n]+(\n {4}[^\r\n]+\n +\^)?$/,
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
