import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

function errorsOf(text: string): string[] {
  const outcome = loadConfig(text, 'f.yaml');
  return outcome.ok ? [] : outcome.errors.map(formatConfigError);
}

/** One mistake and the one line that tells of it. */
type Mistake = readonly [mistake: string, error: string];

function checkMistakes(mistakes: readonly Mistake[], inFile: (written: string) => string): void {
  it.each(mistakes)('%s', (written, error) => {
    expect(errorsOf(inFile(written))).toEqual([expect.stringContaining(error)]);
  });
}

const group = 'groups: [{name: web, max: 9}]';

describe('mistakes in the file as a whole', () => {
  checkMistakes(
    [
      ['', 'f.yaml:1:1 found nothing, allowed: a mapping with broker, api, store'],
      ['# only a comment', 'f.yaml:1:1 found nothing, allowed: a mapping with broker'],
      ['just text', 'f.yaml:1:1 found "just text", allowed: a mapping with broker'],
      ['[a, b]', 'f.yaml:1:1 found a list, allowed: a mapping'],
      [
        'api: {}',
        'f.yaml:1:1 groups: found nothing, allowed: a list of 1 to 10000 groups, or discover',
      ],
      ['discover: []', 'f.yaml:1:11 discover: found a list, allowed: a list of 1 to 20 mappings'],
      ['discover: [{}]', 'discover[0].tags: found nothing, allowed: a mapping of 1 to 10 tags'],
      ['discover: [{tags: {}}]', 'discover[0].tags: found a mapping, allowed: a mapping of 1 to'],
      ['discover: [{tags: {a: 1}}]', 'discover[0].tags.a: found 1, allowed: a value in quotes'],
      [
        'discover: [{tags: {a: b}, tag: 1}]',
        'discover[0].tag: found an unknown key, nearest to tags',
      ],
      ['discover: [{tags: {a: b}, region: Ireland}]', 'region: found "Ireland", allowed: a region'],
      ['groups: []', 'f.yaml:1:9 groups: found a list, allowed: a list of 1 to 10000 groups'],
      ['groups: {name: web}', 'f.yaml:1:9 groups: found a mapping, allowed: a list of 1 to'],
      ['groups:', 'groups: found nothing, allowed: a list of 1 to 10000 groups'],
      ['groups: [web]', 'f.yaml:1:10 groups[0]: found "web", allowed: a mapping with name'],
      [
        `${group}\ngroup: []`,
        'f.yaml:2:1 group: found an unknown key, nearest to groups, allowed: broker, api',
      ],
      [`${group}\nbroker:`, 'f.yaml:2:8 broker: found nothing, allowed: a mapping with listen'],
      [`${group}\n<<: {api: {}}`, 'f.yaml:2:1 ["<<"]: found an unknown key, allowed: broker, api'],
      [`${group}\nmax: 1\nmax: 2`, 'f.yaml:3:1 found the key "max" again, allowed: each key once'],
    ],
    (written) => written,
  );
});

describe('mistakes in a group', () => {
  checkMistakes(
    [
      ['max: 9, minn: 1', 'groups[0].minn: found an unknown key, nearest to min, allowed: name,'],
      ['min: 1', 'f.yaml:1:10 groups[0].max: found nothing, allowed: the most instances'],
      ['max: -1', 'groups[0].max: found -1, allowed: a whole number from 0 to 100000'],
      ['max: 1.5', 'groups[0].max: found 1.5, allowed: a whole number from 0 to 100000'],
      ['max: ten', 'groups[0].max: found "ten", allowed: a whole number from 0'],
      ['max: .inf', 'groups[0].max: found Infinity, allowed: a whole number from 0'],
      ['min: 10, max: 9', 'f.yaml:1:36 groups[0].max: found min 10 above max 9, allowed: min up'],
      ['max: 0', 'groups[0].max: found min 1 above max 0, allowed: min up to max'],
      ['max: 9, mode: activ', 'groups[0].mode: found "activ", nearest to active, allowed: observe'],
      ['max: 9, warmup: 60', 'warmup: found 60, allowed: a duration from 0s to 1d with its unit'],
      ['max: 9, warmup: 60', 'such as 60s'],
      ['max: 9, warmup: 2d', 'warmup: found "2d", allowed: a duration from 0s to 1d'],
      ['max: 9, warmup: 1h30m', 'warmup: found "1h30m", allowed: a duration'],
      ['max: 9, warmup: 0.5ms', 'warmup: found "0.5ms", allowed: a duration'],
      ['max: 9, staleAfter: 0s', 'staleAfter: found "0s", allowed: a duration from 1s to 1h'],
      ['max: 9, cooldown: 30', 'groups[0].cooldown: found 30, allowed: a duration from 0s to 1d'],
      ['max: 9, cooldown: 30', 'such as 30s, or a mapping with scaleOut and scaleIn'],
      ['max: 9, cooldown: [5s]', 'groups[0].cooldown: found a list, allowed: a duration from 0s'],
      [
        'max: 9, stabilization: {scaleout: 5s}',
        'stabilization.scaleout: found an unknown key, nearest to scaleOut, allowed: scaleOut, scaleIn',
      ],
      ['max: 9, stabilization: {scaleIn: 5}', 'groups[0].stabilization.scaleIn: found 5, allowed'],
      [
        'max: 9, minReportingRatio: 50',
        'groups[0].minReportingRatio: found 50, allowed: 50% or 0.5, for a percent has its sign',
      ],
      [
        'max: 9, minReportingRatio: 120%',
        'found "120%", allowed: from 0% to 100%, such as 60% or 0.6',
      ],
      ['max: 9, honorCooldown: yes', 'found "yes", allowed: true or false'],
      ['max: 9, region: Ireland', 'region: found "Ireland", allowed: a region such as eu-west-1'],
      ['max: 9, role: admin', 'role: found "admin", allowed: the ARN of a role, such as arn:aws'],
      ['max: 9, policies: []', 'policies: found a list, allowed: a list of 1 to 50 policies'],
      ['max: 9, policies: cpu', 'policies: found "cpu", allowed: a list of 1 to 50 policies'],
    ],
    (written) => `groups: [{name: web, ${written}}]`,
  );
});

describe('mistakes in demand', () => {
  checkMistakes(
    [
      ['demand: 7', 'groups[0].demand: found 7, allowed: an expression over signals, such as'],
      ['demand: "connections +"', 'groups[0].demand: found an expression that ends too early'],
      ['demand: "total(queue)"', 'groups[0].demand: found the function "total", allowed: min, max'],
      ['demand: "2 * 3"', 'groups[0].demand: found an expression without a signal'],
      ['demand: demand + queue', 'groups[0].demand: found demand made of demand, allowed: other'],
      [
        'demand: queue, sources: [{name: demand, type: sqs, queue: jobs}]',
        'groups[0].demand: found demand beside a source of that name, allowed: one of the two',
      ],
      [
        'demand: queue, policies: [{type: target-tracking, signal: demand, statistic: max, target: 5}]',
        'policies[0].statistic: found max of demand, which is one number, allowed: none',
      ],
    ],
    (written) => `groups: [{name: web, max: 9, ${written}}]`,
  );

  it('of defaults are told once, under the place where they are', () => {
    const text = `defaults: {max: 9, demand: connections + }
groups: [{name: a}, {name: b, sources: [{name: q, type: sqs, queue: jobs}]}]`;
    const [error, ...others] = errorsOf(text);
    expect(others).toEqual([]);
    expect(error).toContain('f.yaml:1:28 defaults.demand: found an expression that ends too early');
    expect(error).toMatch(/connections \+\n\s+\^/);
  });
});

describe('mistakes in names', () => {
  checkMistakes(
    [
      ['{max: 1}', 'groups[0]: found a group without a name, allowed: name, autoScalingGroup or'],
      ['{name: 7, max: 1}', 'groups[0].name: found 7, allowed: a name'],
      ['{name: " ", max: 1}', 'groups[0].name: found " ", allowed: a name'],
      ['{name: "a\\nb", max: 1}', 'groups[0].name: found "a\\nb", allowed: a name'],
      [`{name: ${'x'.repeat(256)}, max: 1}`, 'allowed: a name, at most 255 characters'],
      ['{name: "a:b", max: 1}', 'groups[0].name: found "a:b", allowed: a name without a colon'],
      ['{autoScalingGroup: "a:b", max: 1}', 'found "a:b", allowed: the name of an Auto Scaling'],
      [
        '{name: a, max: 1}, {name: a, autoScalingGroup: b, max: 1}',
        'f.yaml:1:29 groups[1]: found the name "a", which groups[0] has, allowed: a different name',
      ],
      [
        '{name: a, max: 1}, {name: b, autoScalingGroup: a, max: 1}',
        'groups[1]: found the Auto Scaling group "a", which groups[0] scales, allowed: one group',
      ],
    ],
    (written) => `groups: [${written}]`,
  );
});

describe('mistakes in policies', () => {
  const tracking = (rest: string): string => `{type: target-tracking, ${rest}}`;
  const step = (rest: string): string => `{type: step, signal: cpu, ${rest}}`;
  const steps = (list: string): string => step(`steps: [${list}]`);
  const threshold = (rest: string): string => `{type: threshold, signal: cpu, ${rest}}`;
  checkMistakes(
    [
      [
        '{signal: cpu}',
        'policies[0].type: found nothing, allowed: demand, target-tracking, step, threshold',
      ],
      [
        '{type: treshold}',
        'type: found "treshold", nearest to threshold, allowed: demand, target-tracking',
      ],
      ['cpu', 'policies[0]: found "cpu", allowed: a mapping with type: demand, target-tracking'],
      ['{type: demand, violations: 5}', 'violations: found 5, allowed: 5% or 0.05'],
      [
        '{type: demand, violations: 0%}',
        'violations: found "0%", allowed: a share above 0 and up to 50%, such as 0.5%: no size serves',
      ],
      [
        '{type: demand, violations: 1%, latency: 200ms}',
        'violations: found violations and latency, allowed: one promise',
      ],
      ['{type: demand, percentile: p99}', 'percentile: found percentile without latency'],
      ['{type: demand, serviceTime: 5ms}', 'serviceTime: found serviceTime without latency'],
      [
        '{type: demand, latency: 200ms, serviceTime: 20 ms}',
        'serviceTime: found "20 ms", allowed: a duration above 0 such as 20ms, or the name of a signal',
      ],
      ['{type: demand, latency: 200ms, percentile: p90}', 'allowed: p95, p99'],
      ['{type: demand, violations: 60%}', 'found "60%", allowed: a share above 0 and up to 50%'],
      ['{type: demand, forecast: true}', 'forecast: found true, allowed: on, off'],
      [
        '{type: demand, load: cpu}',
        'load: found cpu, allowed: work offered per second, such as requestsPerSecond, which does not',
      ],
      ['{type: demand, load: 2 * 3}', 'policies[0].load: found an expression without a signal'],
      ['{type: demand, load: "reads +"}', 'policies[0].load: found'],
      ['{type: demand, staleAfter: 5s}', 'staleAfter: found "5s", allowed: a duration from 10s'],
      [
        '{type: demand, target: 60%}',
        'policies[0].target: found an unknown key, allowed: type, name',
      ],
      [tracking('target: 60%'), 'policies[0].signal: found nothing, allowed: the name of a signal'],
      [tracking('signal: "9cpu", target: 60%'), 'signal: found "cpu", allowed: the name of a'],
      [
        tracking('signal: cpu'),
        'policies[0].target: found nothing, allowed: a number, or one with',
      ],
      [
        tracking('signal: cpu, target: 60'),
        'policies[0].target: found 60, allowed: 60% or 0.6, for a percent has its sign (cpu is a share)',
      ],
      [tracking('signal: cpu, target: "60"'), 'target: found "60", allowed: 60% or 0.6'],
      [tracking('signal: cpu, target: 150%'), 'target: found "150%", allowed: from 0% to 100%'],
      [
        tracking('signal: cpu, statistic: sum, target: 60'),
        'target: found 60, allowed: 60% or 0.6',
      ],
      [tracking('signal: cpu, target: 0'), 'target: found 0, allowed: a value above 0'],
      [tracking('signal: cpu, target: 0%'), 'target: found "0%", allowed: a value above 0'],
      [tracking('signal: connections, target: -5'), 'target: found -5, allowed: a plain number'],
      [
        tracking('signal: connections, target: 60%'),
        'found "60%", allowed: a plain number from 0 (connections is none of cpu, …Ratio',
      ],
      [
        tracking('signal: memoryAvailableBytes, target: 512Mb'),
        'found "512Mb", allowed: a size such as 512MiB',
      ],
      [tracking('signal: latencyMs, target: fast'), 'found "fast", allowed: a duration such as'],
      [
        tracking('signal: cpu, target: 60%, statistic: median'),
        'statistic: found "median", nearest to mean, allowed: mean, sum, min, max, p50, p90, p95, p99',
      ],
      [
        tracking('signal: cpu, target: 60%, read: rate'),
        'policies[0].read: found rate of cpu, which is a share, allowed: rate of a counter, or read: value',
      ],
      [
        tracking('signal: (cpu + sent) / instances, target: 60%, read: rate'),
        'policies[0].read: found rate of cpu, which is a share',
      ],
      [
        tracking('signal: requestsTotal, target: 60, read: rates'),
        'read: found "rates", nearest to rate, allowed: value, rate',
      ],
      [
        tracking('signal: cpu, target: 60%, smoothing: ewma'),
        'smoothing: found ewma without a window, of the newest value alone, allowed: ewma with a window above 1s',
      ],
      [
        tracking('signal: cpu, target: 60%, window: 1m, smoothing: ema'),
        'smoothing: found "ema", nearest to ewma, allowed: mean, ewma',
      ],
      [tracking('signal: cpu, target: 60%, window: 0s'), 'allowed: a duration from 1s to 1h'],
      [tracking('signal: cpu, target: 60%, window: 2h'), 'allowed: a duration from 1s to 1h'],
      [
        tracking('signal: cpu, target: 60%, tolerance: 10'),
        'tolerance: found 10, allowed: 10% or 0.1, for a percent has its sign',
      ],
      [
        tracking('signal: cpu, target: 60%, tolerance: {scaleIn: 5}'),
        'tolerance.scaleIn: found 5, allowed: 5% or 0.05',
      ],
      [
        tracking('signal: cpu, target: 60%, steps: []'),
        'steps: found an unknown key, allowed: type',
      ],
      [
        step('minAdjustment: 2, steps: [{from: 1, change: 1}]'),
        'found minAdjustment with change-in',
      ],
      [step('steps: []'), 'steps: found a list, allowed: a list of 1 to 20 steps'],
      [step('steps: {from: 70%}'), 'steps: found a mapping, allowed: a list of 1 to 20 steps'],
      [
        steps('{change: 1}'),
        'steps[0]: found a step without from and to, allowed: from, to or both',
      ],
      [steps('{from: 70%}'), 'steps[0].change: found nothing, allowed: a number'],
      [steps('{from: 70, change: 1}'), 'steps[0].from: found 70, allowed: 70% or 0.7'],
      [
        steps('{from: 70%, to: 70%, change: 1}'),
        'found from "70%" to "70%", allowed: from below to',
      ],
      [
        steps('{from: 80%, to: 70%, change: 1}'),
        'found from "80%" to "70%", allowed: from below to',
      ],
      [
        steps('{from: 70%, change: 1.5}'),
        'change: found 1.5, allowed: a whole number of instances',
      ],
      [steps('{from: 70%, change: 20%}'), 'change: found "20%", allowed: a whole number of'],
      [
        step('adjustment: percent-change-in-capacity, steps: [{from: 70%, change: 20}]'),
        'change: found 20, allowed: a percent such as 20% or 0.2',
      ],
      [
        step('adjustment: exact-capacity, steps: [{from: 70%, change: -1}]'),
        'change: found -1, allowed: a whole number of instances from 0',
      ],
      [step('adjustment: exact, steps: [{from: 70%, change: 1}]'), 'adjustment: found "exact"'],
      [
        steps('{from: 70%, to: 90%, change: 1}, {from: 85%, change: 3}'),
        'steps[1]: found a step that overlaps steps[0], allowed: steps that do not overlap',
      ],
      [
        steps('{from: 85%, change: 3}, {from: 70%, change: 1}'),
        'steps[1]: found a step that overlaps steps[0]',
      ],
      [
        steps('{to: 50%, change: -1}, {to: 20%, change: -2}'),
        'steps[1]: found a step that overlaps',
      ],
      [
        steps('{from: 50%, change: 1}, {to: 50%, change: -1}'),
        'steps[1]: found a step that meets steps[0], where one removes and one adds, allowed: a gap',
      ],
      [
        threshold('scaleOutAbove: 30%, scaleInBelow: 70%'),
        'scaleInBelow: found "70%" with scaleOutAbove "30%", allowed: a value below scaleOutAbove',
      ],
      [threshold('scaleOutAbove: 50%, scaleInBelow: 50%'), 'found "50%" with scaleOutAbove "50%"'],
      [threshold('scaleOutAbove: 70, scaleInBelow: 30%'), 'found 70, allowed: 70% or 0.7'],
      [threshold('scaleOutAbove: 70%'), 'scaleInBelow: found nothing, allowed: a number'],
      [
        threshold('scaleOutAbove: 70%, scaleInBelow: 30%, change: 0'),
        'change: found 0, allowed: a whole number from 1 to 10000',
      ],
      [
        `${tracking('signal: cpu, target: 60%')}, ${tracking('signal: cpu, target: 70%')}`,
        'policies[1]: found a second policy called "target-tracking(cpu)", allowed: a different name',
      ],
      [
        `${tracking('signal: cpu, target: 60%, name: a')}, ${tracking('signal: cpu, target: 70%, name: a')}`,
        'policies[1].name: found a second policy called "a"',
      ],
    ],
    (written) => `groups: [{name: web, max: 9, policies: [${written}]}]`,
  );
});

describe('mistakes in the broker, the API and the store', () => {
  checkMistakes(
    [
      ['broker: {listen: 1883}', 'broker.listen: found 1883, allowed: an address and a port'],
      ['broker: {listen: "a:99999"}', 'broker.listen: found "a:99999", allowed: an address and'],
      [
        'broker: {listen: "0.0.0.0:1883"}',
        'broker.listen: found "0.0.0.0:1883" without tls and credentials, allowed: 127.0.0.1',
      ],
      [
        'broker: {listen: "0.0.0.0:1883", credentials: c}',
        'broker.listen: found "0.0.0.0:1883" without tls and credentials',
      ],
      [
        'broker: {listen: "[::]:8883", tls: {cert: a, key: b}}',
        'broker.listen: found "[::]:8883" without tls and credentials',
      ],
      [
        'broker: {tls: {cert: a}}',
        'broker.tls.key: found nothing, allowed: the path of a PEM file',
      ],
      [
        'broker: {listen: "127.0.0.1:1", url: "mqtt://b"}',
        'broker.url: found both listen and url, allowed: one of them',
      ],
      [
        'broker: {url: "http://b"}',
        'broker.url: found "http://b", allowed: an address such as mqtts',
      ],
      ['broker: {url: "mqtt://b/path?x"}', 'broker.url: found an address of another form, allowed'],
      ['broker: {url: "mqtt://b:99999"}', 'broker.url: found an address of another form, allowed'],
      ['broker: {url: "mqtt://u@b"}', 'broker.url: found an address with a user or password'],
      [
        'broker: {url: "mqtt://b", tls: {ca: c}}',
        'broker.tls: found tls with an mqtt:// address, allowed: tls with mqtts://',
      ],
      [
        'broker: {url: "mqtts://b", tls: {cert: c}}',
        'broker.tls: found one of cert and key, allowed',
      ],
      [
        'broker: {url: "mqtt://b", credentials: c}',
        'broker.credentials: found credentials, allowed: credentials together with the embedded',
      ],
      [
        'broker: {username: u}',
        'broker.username: found username, allowed: username together with an',
      ],
      [
        'broker: {url: "mqtt://b", passwordFile: p}',
        'broker.passwordFile: found passwordFile without username, allowed: both',
      ],
      [
        'broker: {url: "mqtt://b", pasword: p}',
        'broker.pasword: found an unknown key, allowed: listen, url',
      ],
      [
        'api: {listen: "0.0.0.0:80"}',
        'api.listen: found "0.0.0.0:80" without tls and tokens, allowed: 127.0.0.1, [::1] or',
      ],
      [
        `api: {tokens: [{name: a, role: boss, hash: "sha256:${'0'.repeat(64)}"}]}`,
        'api.tokens[0].role: found',
      ],
      ['api: {tokens: [{name: a, role: viewer, hash: hunter2}]}', 'api.tokens[0].hash: found text'],
      [
        'api: {tls: {certificate: a.pem}}',
        'api.tls.key: found nothing, allowed: the path of a PEM',
      ],
      [
        'api: {listen: "127.0.0.1:1883"}',
        'api.listen: found "127.0.0.1:1883", where the broker listens, allowed: another port',
      ],
      ['store: {path: ""}', 'store.path: found "", allowed: the path of a file'],
      ['store: {onCorrupt: delete}', 'onCorrupt: found "delete", allowed: refuse, set-aside'],
    ],
    (written) => `${written}\n${group}`,
  );
});

describe('mistakes in load topics', () => {
  checkMistakes(
    [
      [
        '{topic: ec2/#, group: web}',
        'topic: found "ec2/#", allowed: an MQTT topic without wildcards',
      ],
      ['{topic: $SYS/x, group: web}', 'topic: found "$SYS/x", allowed: an MQTT topic without'],
      ['{topic: "", group: web}', 'topic: found "", allowed: an MQTT topic without'],
      ['{topic: foretide/v1/x, group: web}', 'allowed: a topic outside of foretide/'],
      ['{topic: a, group: wbe}', 'group: found "wbe", no group\'s name, allowed: "web"'],
      ['{topic: a, group: webb}', 'no group\'s name, nearest to "web", allowed: "web"'],
      ['{topic: a, group: web}, {topic: a, group: web}', 'loadTopics[1].topic: found "a" again'],
      ['{topic: a}', 'loadTopics[0].group: found nothing, allowed: a name'],
      ['ec2/load', 'loadTopics[0]: found "ec2/load", allowed: a mapping with topic, group'],
    ],
    (written) => `loadTopics: [${written}]\n${group}`,
  );
});

describe('many mistakes', () => {
  it('are all told at once, in the order of the file', () => {
    const text = `
broker: {listen: 0.0.0.0:1883}
defaults:
  warmup: 60
  policies: [{type: target-tracking, signal: cpu, target: 70}]
groups:
  - name: web
    min: 5
    max: 3
    mode: off
  - name: web
    minn: 3
    max: 3
`;
    expect(errorsOf(text).map((error) => error.replace(/ found.*/, ''))).toEqual([
      'f.yaml:2:18 broker.listen:',
      'f.yaml:4:11 defaults.warmup:',
      'f.yaml:5:59 defaults.policies[0].target:',
      'f.yaml:9:10 groups[0].max:',
      'f.yaml:10:11 groups[0].mode:',
      'f.yaml:11:5 groups[1]:',
      'f.yaml:12:5 groups[1].minn:',
    ]);
  });

  it('do not hide behind what follows from another', () => {
    // Neither "min above max" nor "off loopback without tls" is certain here.
    const text = 'broker: {listen: "0.0.0.0:1", tls: 5, credentials: c}';
    expect(errorsOf(`${text}\ngroups: [{name: web, min: x, max: 0}]`)).toEqual([
      expect.stringContaining('broker.tls: found 5'),
      expect.stringContaining('groups[0].min: found "x"'),
    ]);
  });

  it('in defaults are told once, however many groups there are', () => {
    const groups = Array.from({ length: 50 }, (_, index) => `{name: g${index}}`);
    expect(errorsOf(`defaults: {min: 5, max: 3}\ngroups: [${groups.join(', ')}]`)).toHaveLength(1);
  });

  it('never show what may be a password', () => {
    const url = 'broker: {url: "ws://me:hunter2@host hunter2@x", passwordFile: 12345678}';
    const key = 'broker: {username: "u", password: hunter2}';
    for (const written of [url, key]) {
      const errors = errorsOf(`${written}\n${group}`).join('\n');
      expect(errors).toContain('f.yaml:1:');
      expect(errors).not.toMatch(/hunter2|12345678/);
    }
  });
});
