// `foretide deploy up | status | down`: templates to stacks and back. What happens is src/deploy; here
// is who is asked, what is printed, and the exit code.

import type { Output } from '@aws-sdk/client-cloudformation';
import { DeployError } from '../../deploy/deploy-error.ts';
import { deployDown } from '../../deploy/down.ts';
import { describeHandEdits, type HandEdits } from '../../deploy/hand-edits.ts';
import { manifestPath } from '../../deploy/manifest.ts';
import { openSession } from '../../deploy/session.ts';
import { createStackClient } from '../../deploy/stack-client.ts';
import { readStatus, type DeploymentStatus } from '../../deploy/status.ts';
import type { Surroundings } from '../../deploy/surroundings.ts';
import { readTemplate } from '../../deploy/template-library.ts';
import { deployUp } from '../../deploy/up.ts';
import { askYes } from '../ask-yes.ts';
import { createStackProgress } from '../stack-progress.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface DeployOptions {
  readonly name: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly manifest?: string;
  readonly yes?: boolean;
  /** False for `--no-drift`. */
  readonly drift?: boolean;
}

export interface DeployUpOptions extends DeployOptions {
  readonly set?: ReadonlyMap<string, string>;
}

export interface DeployStatusOptions extends DeployOptions {
  readonly json?: boolean;
}

export async function up(templateName: string, options: DeployUpOptions): Promise<void> {
  await deploying(templateName, options, async (around) => {
    const template = readTemplate(templateName);
    const request = { template, stackName: options.name, given: options.set ?? new Map() };
    const outcome = await deployUp(request, around);
    if (outcome.kind === 'declined') return;
    if (outcome.kind === 'deployed') around.say(`${options.name} is up\n`);
    around.say(describeOutputs(outcome.stack.Outputs ?? []));
  });
}

export async function down(template: string, options: DeployOptions): Promise<void> {
  await deploying(template, options, async (around) => {
    const request = { template: readTemplate(template), stackName: options.name };
    const outcome = await deployDown(request, around);
    switch (outcome.kind) {
      case 'removed':
        around.say(
          `${options.name} is gone: ${outcome.resourceCount} resources removed, ` +
            `${outcome.proof.askedCount} of them looked for at their own services, none left\n`,
        );
        return;
      case 'absent':
        around.say(`there is no stack ${options.name}; nothing to remove\n`);
        return;
      case 'declined':
    }
  });
}

export async function status(template: string, options: DeployStatusOptions): Promise<void> {
  await deploying(template, options, async (around) => {
    const found = await readStatus(options.name, readTemplate(template), around);
    if (found === null) throw new DeployError(`there is no stack ${options.name}`);
    around.say(options.json === true ? `${JSON.stringify(found)}\n` : describeStatus(found));
  });
}

/** "A stack name can contain only alphanumeric characters and hyphens …": CreateStack. */
const stackNamePattern = /^[A-Za-z][A-Za-z0-9-]{0,127}$/u;

async function deploying(
  template: string,
  options: DeployOptions,
  run: (around: Surroundings) => Promise<void>,
): Promise<void> {
  if (!stackNamePattern.test(options.name)) {
    const allowed = 'a letter, then letters, digits and -, 128 at most';
    throw new StartError(`found --name "${options.name}", allowed: ${allowed}`, 2);
  }
  const tellInterrupt = (): void => {
    const rest = `${template} --name ${options.name}`;
    process.stderr.write(
      `\nforetide: interrupted; what has begun goes on in AWS: foretide deploy status ${rest} ` +
        `says how far it is, foretide deploy down ${rest} removes it\n`,
    );
    process.exit(interruptedCode);
  };
  process.once('SIGINT', tellInterrupt);
  try {
    const session = await openSession(options);
    const client = createStackClient(session);
    const { accountId, region } = session;
    const stackName = options.name;
    try {
      await run({
        session,
        client,
        manifestPath: options.manifest ?? manifestPath({ accountId, region, stackName }),
        looksForEdits: options.drift !== false,
        say: (text) => void process.stdout.write(text),
        confirm: async (question) => options.yes === true || (await ask(question)),
        createView: (count) => createStackProgress(process.stdout, count),
      });
    } finally {
      client.close();
    }
  } catch (error) {
    throw error instanceof DeployError ? new StartError(error.message, 1) : error;
  } finally {
    process.removeListener('SIGINT', tellInterrupt);
  }
}

/** As shells have it: 128 and the signal's number. */
const interruptedCode = 130;

async function ask(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new DeployError(
      `${question} There is no terminal to ask on, and nothing was done: --yes answers`,
    );
  }
  return await askYes(question, { input: process.stdin, output: process.stdout });
}

function describeOutputs(outputs: readonly Output[]): string {
  const lines = outputs.map(({ OutputKey, OutputValue }) => `  ${OutputKey}: ${OutputValue}\n`);
  return lines.toSorted().join('');
}

function describeStatus(found: DeploymentStatus): string {
  const rows = found.resources.map((one) => [one.logicalId, one.status, one.type, one.physicalId]);
  const outputs = Object.entries(found.outputs).map(([key, value]) => `  ${key}: ${value}`);
  const lines = [
    `${found.stackName}: ${found.status}${found.reason === null ? '' : `, ${found.reason}`}`,
    ...(found.cause === null ? [] : [`because of ${found.cause.logicalId}: ${found.cause.reason}`]),
    ...(found.edits.length === 0
      ? []
      : [`edited since it was deployed: ${found.edits.join('; ')}`]),
    ...(found.byHand === null ? [] : [describeByHand(found.byHand)]),
    ...outputs,
    formatTable([['resource', 'status', 'type', 'id'], ...rows]),
  ];
  return `${lines.join('\n')}\n`;
}

function describeByHand(byHand: HandEdits): string {
  const text = describeHandEdits(byHand, { showsNext: true }).trimEnd();
  return text === '' ? 'nothing was edited by hand' : text;
}
