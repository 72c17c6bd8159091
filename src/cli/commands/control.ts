// `foretide status | why | set | hold | pause | mode | resume`: what people ask a running controller over its
// socket. Each prints for a person, or with --json what the API answered.

import { createClient, type Answer, type ApiClient } from '../../api/client.ts';
import type {
  ConfigStatus,
  GroupStatus,
  ToldDecision,
  ToldObstacles,
  ToldSizeObstacles,
} from '../../controller/ports/control.ts';
import type { Direction } from '../../core/decision.ts';
import type { Mode } from '../../core/group.ts';
import { explainReason } from '../../core/explain-reason.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface ControlCommandOptions {
  readonly socket: string;
  readonly json?: boolean;
}

export interface WishOptions extends ControlCommandOptions {
  readonly for?: number;
  readonly why: string;
}

export interface WhyOptions extends ControlCommandOptions {
  readonly at?: string;
  readonly not?: Direction | number;
}

export async function status(options: ControlCommandOptions): Promise<void> {
  const answer = await ask(options, (client) => client.groups());
  print(options, answer, ({ groups, config }) => {
    return `${describeGroups(groups)}${config === undefined ? '' : describeConfig(config)}`;
  });
}

export async function why(group: string, options: WhyOptions): Promise<void> {
  const { at, not } = options;
  if (not !== undefined) {
    const found = await ask<ToldObstacles | ToldSizeObstacles>(options, (client) =>
      typeof not === 'number' ? client.whyNotSize(group, not, at) : client.whyNot(group, not, at),
    );
    print(options, found, (told) => describeObstacles(group, told));
    return;
  }
  const answer = await ask(options, (client) => client.why(group, at));
  print(options, answer, (told) => describeDecision(group, told));
}

export async function set(group: string, desired: number, options: WishOptions): Promise<void> {
  const { why: reason, for: forMs } = options;
  const wish = { desired, why: reason, ...(forMs !== undefined && { for: forMs }) };
  const answer = await ask(options, (client) => client.set(group, wish));
  print(options, answer, ({ override }) => {
    const until = describeEnd(override.until);
    return `${group}: set to ${desired} ${until}; then its policies decide again\n`;
  });
}

export async function hold(group: string, atLeast: number, options: WishOptions): Promise<void> {
  const { why: reason, for: forMs } = options;
  const wish = { atLeast, why: reason, ...(forMs !== undefined && { for: forMs }) };
  const answer = await ask(options, (client) => client.hold(group, wish));
  print(options, answer, ({ override }) => {
    return `${group}: held at ${atLeast} or more ${describeEnd(override.until)}\n`;
  });
}

export async function pause(group: string, options: WishOptions): Promise<void> {
  const { why: reason, for: forMs } = options;
  const wish = { why: reason, ...(forMs !== undefined && { for: forMs }) };
  const answer = await ask(options, (client) => client.pause(group, wish));
  print(options, answer, ({ override }) => {
    const until = describeEnd(override.until);
    return `${group}: paused ${until}; nothing is added or removed meanwhile\n`;
  });
}

export async function changeMode(
  group: string,
  mode: Mode,
  options: Omit<WishOptions, 'for'>,
): Promise<void> {
  const answer = await ask(options, (client) => client.mode(group, { mode, why: options.why }));
  print(options, answer, ({ lasts }) => `${group}: mode ${mode}, ${lasts}\n`);
}

export async function resume(group: string, options: ControlCommandOptions): Promise<void> {
  const answer = await ask(options, (client) => client.resume(group));
  print(options, answer, () => `${group}: its policies decide again\n`);
}

async function ask<T>(
  { socket }: ControlCommandOptions,
  question: (client: ApiClient) => Promise<Answer<T>>,
): Promise<T> {
  const answer = await question(createClient({ socketPath: socket }));
  switch (answer.kind) {
    case 'answered':
      return answer.value;
    case 'refused':
      throw new StartError(answer.detail, 1);
    case 'unreachable':
      throw new StartError(answer.message, 1);
  }
}

function print<T>(
  { json }: ControlCommandOptions,
  answer: T,
  describe: (answer: T) => string,
): void {
  process.stdout.write(json === true ? `${JSON.stringify(answer)}\n` : describe(answer));
}

function describeGroups(groups: readonly GroupStatus[]): string {
  const rows = groups.map((group) => [
    group.name,
    group.mode,
    String(group.desired ?? '?'),
    String(group.inService),
    String(group.pending),
    String(group.silent),
    summarise(group),
  ]);
  const head = ['group', 'mode', 'desired', 'in service', 'pending', 'silent', 'now'];
  const notes = groups.flatMap(describeTrouble);
  return `${[formatTable([head, ...rows]), ...notes].join('\n')}\n`;
}

function describeConfig({ file, appliedAt, mistake, needsRestart }: ConfigStatus): string {
  const sections = needsRestart.join(', ');
  const lines = [
    `config of ${formatTime(appliedAt)}, from ${file}`,
    ...(sections === '' ? [] : [`  needs a restart: ${sections}`]),
    ...(mistake === null
      ? []
      : [
          `  the file on disk has a mistake since ${formatTime(mistake.since)}:`,
          ...mistake.lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

function summarise({ now, problem }: GroupStatus): string {
  return problem ?? now?.explanation.summary ?? 'waiting for the first description';
}

function describeTrouble(group: GroupStatus): readonly string[] {
  const { name, rejected, heldBy, now } = group;
  const counts = Object.entries(rejected).map(([reason, count]) => `${count} ${reason}`);
  return [
    ...describeHandMode(group),
    ...(heldBy === null ? [] : [`${name}: not acting, ${heldBy} holds the group`]),
    ...(now?.decision.notices ?? []).map(
      (reason) => `${name}: ${explainReason(reason, now?.decision.at ?? 0)}`,
    ),
    ...(counts.length === 0 ? [] : [`${name}: messages not used: ${counts.join(', ')}`]),
  ];
}

function describeHandMode({ mode, modeByHand, name }: GroupStatus): readonly string[] {
  // A controller that is yet to be restarted under this version says nothing of it.
  if (modeByHand === null || modeByHand === undefined) return [];
  const { at, by, configured, why: reason } = modeByHand;
  const told = `${name}: mode ${mode} since ${formatTime(at)}, set by ${by}: ${reason}`;
  return [told, `  its config says ${configured}; back: foretide mode ${name} ${configured}`];
}

function describeDecision(group: string, told: ToldDecision): string {
  const { decision, explanation, actuation } = told;
  const outcome =
    actuation === null
      ? []
      : [`AWS: ${actuation.kind}${'message' in actuation ? `, ${actuation.message}` : ''}`];
  const lines = [
    `${group} at ${formatTime(decision.at)}: ${explanation.summary}`,
    ...[...explanation.details, ...outcome].map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describeObstacles(
  group: string,
  { obstacles, explanation }: ToldObstacles | ToldSizeObstacles,
): string {
  const lines = [
    `${group} at ${formatTime(obstacles.at)}: ${explanation.summary}`,
    ...explanation.details.map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function describeEnd(until: number | null): string {
  return until === null ? 'until resumed' : `until ${formatTime(until)}`;
}

/** Local time; the date too where it is not today's. */
function formatTime(at: number): string {
  const moment = new Date(at);
  const time = moment.toTimeString().slice(0, 8);
  return moment.toDateString() === new Date().toDateString()
    ? time
    : `${moment.toISOString().slice(0, 10)} ${time}`;
}
