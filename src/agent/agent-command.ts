// The agent as a command: reads its flags, runs until it is told to stop, and says how it ended.

import { readFileSync } from 'node:fs';
import { runAgent, type AgentHandle } from './agent.ts';
import { createBoards } from './application/boards.ts';
import { parseArguments, type AgentRequest, type Environment } from './arguments.ts';
import { systemClock } from './clock.ts';
import { describeError } from './describe-error.ts';
import { describeUsage } from './flags.ts';
import { resolveIdentity, type MetadataService } from './identity.ts';
import { stderrLog, TroubleLog, writeLine } from './log.ts';
import { openMachine } from './machine.ts';
import type { AgentOptions } from './options.ts';
import { agentVersion } from './version.ts';

/** Exit codes: 0 for a good end, 1 for what the machine refused, 2 for what was asked wrongly. */
export type ExitCode = 0 | 1 | 2;

/** Runs `foretide-agent` with these arguments; resolves when it is done, with its exit code. */
export async function runAgentCommand(
  argv: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  const asked = parseArguments(argv, environment);
  switch (asked.kind) {
    case 'help':
      process.stdout.write(describeUsage());
      return 0;
    case 'version':
      process.stdout.write(`${agentVersion}\n`);
      return 0;
    case 'invalid':
      return complain(asked.message, 2);
    case 'publish':
      return publish(asked.path, asked.metadata, environment);
    case 'run':
      return asked.isOnce ? printSample(asked.request) : runUntilStopped(asked.request);
  }
}

function complain(message: string, exitCode: 1 | 2): ExitCode {
  writeLine(`foretide-agent: ${message}`);
  return exitCode;
}

/** The part that talks to CloudWatch is loaded only here. */
async function publish(
  path: string,
  metadata: MetadataService,
  environment: Environment,
): Promise<ExitCode> {
  const { readModule } = await import('./cloudwatch/read-module.ts');
  const { publishUntil } = await import('./cloudwatch/publish-command.ts');
  const read = readModule(path);
  if (!read.ok) return complain(read.message, 2);
  const { endpoint, isDisabled: isMetadataDisabled } = metadata;
  await publishUntil({ ...read, environment, endpoint, isMetadataDisabled }, nextStopSignal());
  return 0;
}

async function runUntilStopped(request: AgentRequest): Promise<ExitCode> {
  const resolved = await resolveOptions(request);
  if (!resolved.ok) return complain(resolved.message, 2);
  let agent: AgentHandle;
  try {
    agent = await runAgent(resolved.options);
  } catch (error) {
    return complain(describeError(error), 1);
  }
  const signal = await nextStopSignal();
  stderrLog.info(`stopping on ${signal}`);
  await agent.stop();
  return 0;
}

/** A second signal ends the process at once, as the handlers are gone by then. */
function nextStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const stop = (signal: NodeJS.Signals): void => {
      for (const each of signals) process.removeListener(each, stop);
      resolve(signal);
    };
    for (const each of signals) process.on(each, stop);
  });
}

type ResolvedOptions =
  | { readonly ok: true; readonly options: AgentOptions }
  | { readonly ok: false; readonly message: string };

async function resolveOptions(request: AgentRequest): Promise<ResolvedOptions> {
  const { options, given, metadata, passwordPath } = request;
  const outcome = await resolveIdentity(given, metadata);
  if (!outcome.ok) return outcome;
  const { identity } = outcome;
  if (passwordPath === undefined) return { ok: true, options: { ...options, identity } };
  try {
    const [password = ''] = readFileSync(passwordPath, 'utf8').split(/\r?\n/, 1);
    return { ok: true, options: { ...options, identity, password } };
  } catch (error) {
    return { ok: false, message: `--password-file cannot be read: ${describeError(error)}` };
  }
}

/** Longest time that rates span in a single sample. */
const onceSpanMsMax = 1_000;

async function printSample({ options }: AgentRequest): Promise<ExitCode> {
  const boards = createBoards(options.application.lifetimeMs);
  const machine = openMachine(options, boards, systemClock, new TroubleLog(stderrLog));
  machine.sample();
  await new Promise<void>((resolve) => {
    systemClock.after(Math.min(options.intervalMs, onceSpanMsMax), resolve);
  });
  process.stdout.write(`{"signals":${machine.sample()}}\n`);
  await machine.close();
  return 0;
}
