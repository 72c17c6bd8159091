// `foretide doctor`: looks at everything that has to be right, and says of each what to do. Exit code 1
// if something fails.

import { existsSync } from 'node:fs';
import type { Config, GroupConfig } from '../../config/config.ts';
import { DeployError } from '../../deploy/deploy-error.ts';
import { openSession, type Session, type SessionOptions } from '../../deploy/session.ts';
import { readConfigFile } from '../config-file.ts';
import { checkAgents } from '../doctor/check-agents.ts';
import { checkBroker } from '../doctor/check-broker.ts';
import { checkClock } from '../doctor/check-clock.ts';
import { checkDeployRights } from '../doctor/check-deploy-rights.ts';
import { checkMetadata, checkStore } from '../doctor/check-machine.ts';
import { checkPermissions, type ExaminedGroup } from '../doctor/check-permissions.ts';
import { fail, ok, warn, type Finding } from '../doctor/finding.ts';
import { StartError } from '../start-error.ts';

export interface DoctorOptions extends SessionOptions {
  readonly config: string;
  readonly socket: string;
  readonly role?: string;
  /** Also the rights of whoever runs `foretide deploy`. */
  readonly deploy?: boolean;
  readonly json?: boolean;
}

export async function doctor(options: DoctorOptions): Promise<void> {
  const findings = await examine(options);
  const failedCount = findings.filter(({ level }) => level === 'fail').length;
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ ok: failedCount === 0, findings })}\n`);
  } else {
    process.stdout.write(findings.map(describe).join(''));
  }
  if (failedCount > 0) {
    throw new StartError(`${failedCount} of ${findings.length} checks failed`, 1);
  }
}

async function examine(options: DoctorOptions): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const config = readConfig(options.config, findings);
  const session = await readSession(options, findings);
  if (session !== null) {
    findings.push(await checkClock(session.region, options.endpoint));
    const groups = (config?.groups ?? []).map(toExamined);
    const request = { session, role: options.role ?? null, groups };
    findings.push(...(await checkPermissions(request)));
    if (options.deploy === true) {
      findings.push(await checkDeployRights(session, request.role));
    }
  }
  findings.push(await checkMetadata());
  if (config !== null) {
    findings.push(checkStore(config.store.path), await checkBroker(config.broker));
  }
  findings.push(...(await checkAgents(options.socket)));
  return findings;
}

function readConfig(path: string, findings: Finding[]): Config | null {
  if (!existsSync(path)) {
    findings.push(warn('config', `there is no ${path} here`, 'foretide init writes one'));
    return null;
  }
  try {
    const config = readConfigFile(path);
    findings.push(ok('config', `${path} is good`));
    return config;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    findings.push(fail('config', error.message, `mend it; foretide check ${path} says the same`));
    return null;
  }
}

async function readSession(options: DoctorOptions, findings: Finding[]): Promise<Session | null> {
  try {
    const session = await openSession(options);
    const { accountId, caller, region } = session;
    findings.push(ok('credentials', `account ${accountId}, ${region}, as ${caller}`));
    return session;
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    findings.push(fail('credentials', error.message, 'nothing of AWS can be looked at without'));
    return null;
  }
}

function describe({ check, level, message, next }: Finding): string {
  const step = next === null ? '' : `${' '.repeat(18)}→ ${next}\n`;
  return `${level.padEnd(4)}  ${check.padEnd(12)}${message}\n${step}`;
}

function toExamined({ group, target }: GroupConfig): ExaminedGroup {
  const hasSetter = group.policies.some(
    (policy) => policy.type === 'backlog' && policy.mode === 'setter',
  );
  return {
    name: target.autoScalingGroup,
    needs: [
      ...(group.warmPool === undefined ? [] : (['warmPool'] as const)),
      ...(hasSetter ? (['nativePolicy'] as const) : []),
    ],
  };
}
