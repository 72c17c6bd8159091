// Every template against AWS's own rules, offline, and against the promises of docs/deploy.md.

import { RegoEngine, TemplateFile, type Engine } from '@aws/cloudformation-validate';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { readTemplate, recordOf, templateNames } from './template-library.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretide-templates-'));
let engine: Engine;
beforeAll(() => {
  engine = new RegoEngine();
});
afterAll(() => {
  engine.free();
  rmSync(folder, { recursive: true });
});

function findProblems(path: string): readonly string[] {
  const { diagnostics, status } = engine.validateStandard(new TemplateFile(path));
  const grave = diagnostics.filter(({ severity }) => severity !== 'INFO' && severity !== 'DEBUG');
  return [
    ...(status === 'OK' ? [] : [`status ${status}`]),
    ...grave.map(({ message, ruleId }) => `${ruleId}: ${message}`),
  ];
}

const pathOf = (name: string): string =>
  new URL(`templates/${name}.yaml`, import.meta.url).pathname;

/** The script of a template's instances, with a word in place of each reference. */
function scriptOf(name: 'controller' | 'fleet' | 'queue-workers'): string {
  const launch = readTemplate(name).resources.find(
    ({ logicalId }) => logicalId === 'LaunchTemplate',
  );
  const text = JSON.stringify(recordOf(launch?.properties['LaunchTemplateData'])['UserData']);
  const [literal = '""'] = /"#!(?:[^"\\]|\\.)*"/su.exec(text) ?? [];
  const script = String(JSON.parse(literal));
  const defaults = readTemplate(name).defaults;
  return script.replaceAll(/\$\{([^}]+)\}/gu, (_all, key: string) =>
    key === 'LoadTopicLines' || key === 'WarmPoolLine'
      ? ''
      : (defaults.get(key) ?? (key === 'AWS::Region' ? 'eu-west-1' : 'x')),
  );
}

describe.each(templateNames)('the template %s', (name) => {
  const { body, resources } = readTemplate(name);

  it('passes the offline check without an error or a warning', () => {
    expect(findProblems(pathOf(name))).toEqual([]);
  });

  it('lets nobody in from outside, and opens no SSH', () => {
    for (const { properties, type } of resources) {
      if (type !== 'AWS::EC2::SecurityGroup') continue;
      const rules: unknown = properties['SecurityGroupIngress'] ?? [];
      expect(JSON.stringify(rules)).not.toMatch(/CidrIp|"FromPort":22\b/u);
    }
    expect(resources.map(({ type }) => type)).not.toContain('AWS::EC2::SecurityGroupIngress');
  });

  it('asks for version 2 of the instance metadata, one hop, and for the newest image', () => {
    for (const { properties, type } of resources) {
      if (type !== 'AWS::EC2::LaunchTemplate') continue;
      const data = recordOf(properties['LaunchTemplateData']);
      expect(data['MetadataOptions']).toMatchObject({
        HttpTokens: 'required',
        HttpPutResponseHopLimit: 1,
      });
      expect(data['ImageId']).toEqual({ Ref: 'Image' });
      expect(body).toContain('/aws/service/ami-amazon-linux-latest/');
      expect(JSON.stringify(data['BlockDeviceMappings'])).toContain('"Encrypted":true');
    }
  });

  it('gives no role a right to tag, and none to everything', () => {
    for (const { properties, type } of resources) {
      if (type !== 'AWS::IAM::Role') continue;
      const statements = JSON.stringify(properties['Policies']).match(/\{"(?:Sid|Effect)".*?\}/gsu);
      const allowed = (statements ?? []).filter((text) => text.includes('"Effect":"Allow"'));
      expect(allowed.length).toBeGreaterThan(0);
      expect(allowed.join('\n')).not.toMatch(
        /CreateOrUpdateTags|CreateTags|DeleteTags|"\*:\*"|:\*"\]/u,
      );
      expect(allowed.join('\n')).not.toMatch(/"Action":"\*"|"Action":"[a-z0-9]+:\*"/u);
    }
  });

  it('is taken inline by CloudFormation', () => {
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(51_200);
  });
});

describe('groups for Foretide to scale', () => {
  it.each(['hello-asg', 'fleet', 'queue-workers'] as const)(
    '%s carries the tag, can scale, and has the safety net',
    (name) => {
      const { defaults, resources } = readTemplate(name);
      expect(Number(defaults.get('Maximum'))).toBeGreaterThan(Number(defaults.get('Minimum')));
      const group = resources.find(({ type }) => type === 'AWS::AutoScaling::AutoScalingGroup');
      expect(group?.properties['Tags']).toContainEqual({
        Key: 'managed-by',
        Value: 'foretide',
        PropagateAtLaunch: false,
      });
      const net = resources.find(({ logicalId }) => logicalId === 'SafetyNet');
      expect(net?.properties['TargetTrackingConfiguration']).toMatchObject({
        TargetValue: 85,
        DisableScaleIn: true,
      });
    },
  );
});

describe('the scripts of instances', () => {
  it.each(['controller', 'fleet', 'queue-workers'] as const)('%s is good bash', (name) => {
    const script = scriptOf(name);
    expect(script.length).toBeLessThan(16_384);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('the controller is given a configuration that it takes', () => {
    const [, text = ''] =
      /foretide\.yaml <<'END'\n(.*?)\nEND\n/su.exec(scriptOf('controller')) ?? [];
    const outcome = loadConfig(text, 'foretide.yaml');
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    const { broker, groups } = outcome.config;
    expect(groups.map(({ group }) => [group.name, group.mode])).toEqual([['web', 'advise']]);
    // Nobody without TLS and a login: off loopback the broker takes no others.
    expect(broker).toMatchObject({ kind: 'embedded', listen: { host: '0.0.0.0', port: 8883 } });
  });

  it('takes load lines and their sender only where that is wished', () => {
    const { body, defaults } = readTemplate('controller');
    expect(defaults.get('LoadTopic')).toBe('off');
    expect(body).toMatch(
      /DevicesPassword:\n    Type: AWS::SecretsManager::Secret\n    Condition: TakesLoadTopic/u,
    );
  });
});

it('a broken template fails the check', () => {
  const path = join(folder, 'broken.yaml');
  writeFileSync(
    path,
    'Resources:\n  Group:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    Properties:\n      MaxSize: !Ref Nothing\n',
  );
  expect(findProblems(path).join('\n')).toMatch(/Nothing/u);
});

describe('the rights of the controller', () => {
  const { resources } = readTemplate('controller');
  const role = JSON.stringify(resources.filter(({ type }) => type === 'AWS::IAM::Role'));
  const listed = [...role.matchAll(/"(?:autoscaling|cloudwatch):([A-Z]\w+)"/gu)].map(
    ([, name = '']) => name,
  );
  const granted = new Set(listed.filter((name) => !name.endsWith('Tags')));

  it('are those of the calls that it makes, and no more', () => {
    const calls = new Set(
      ['../aws', '../sources', '../publish'].flatMap((part) => {
        const base = new URL(`${part}/`, import.meta.url);
        return readdirSync(base, { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
          .flatMap((file) => [
            ...readFileSync(new URL(file, base), 'utf8').matchAll(/new (\w+)Command\(/gu),
          ])
          .map(([, name = '']) => name);
      }),
    );
    expect(calls.size).toBeGreaterThan(8);
    expect([...granted].filter((name) => !calls.has(name))).toEqual([]);
    expect(granted).toContain('SetDesiredCapacity');
  });
});
