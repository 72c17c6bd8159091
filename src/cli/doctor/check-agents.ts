// What a running controller knows of its agents: versions, silence, clocks.

import { createClient } from '../../api/client.ts';
import type { GroupDetail } from '../../api/answers.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const skewWarnMs = 2_000;

export async function checkAgents(socketPath: string): Promise<readonly Finding[]> {
  const client = createClient({ socketPath });
  const version = await client.version();
  if (version.kind !== 'answered') {
    const message = version.kind === 'refused' ? version.detail : version.message;
    return [warn('agents', message, 'foretide start runs one; --socket says where it is')];
  }
  const groups = await client.groups();
  if (groups.kind !== 'answered') {
    return [fail('agents', 'the controller does not tell its groups', 'look at its log')];
  }
  const findings: Finding[] = [];
  for (const { name } of groups.value.groups) {
    const detail = await client.group(name);
    if (detail.kind === 'answered') findings.push(...judge(detail.value, version.value.version));
  }
  return findings;
}

function judge({ instances, name }: GroupDetail, version: string): readonly Finding[] {
  const named = (ids: readonly string[]): string => ids.join(', ');
  const idsWhere = (test: (one: GroupDetail['instances'][number]) => boolean): readonly string[] =>
    instances.filter(test).map(({ id }) => id);
  const silent = idsWhere(({ isReporting }) => !isReporting);
  const others = idsWhere(({ agentVersion }) => agentVersion !== null && agentVersion !== version);
  const skewed = idsWhere(({ clockSkewMs }) => Math.abs(clockSkewMs ?? 0) > skewWarnMs);
  const findings = [
    ...(silent.length === 0
      ? []
      : [
          warn(
            'agents',
            `${name}: silent are ${named(silent)}`,
            'systemctl status foretide-agent there',
          ),
        ]),
    ...(others.length === 0
      ? []
      : [
          warn(
            'agents',
            `${name}: not of version ${version} are ${named(others)}`,
            'install that one there',
          ),
        ]),
    ...(skewed.length === 0
      ? []
      : [warn('agents', `${name}: clocks are off on ${named(skewed)}`, 'chronyc tracking there')]),
  ];
  const count = instances.length;
  return findings.length > 0
    ? findings
    : [ok('agents', `${name}: all ${count} report, version ${version}`)];
}
