// `foretide reference`: prints docs/cli.md, out of the very program that reads the command line. A
// hidden command, for `npm run schema` and the test that compares.

import { Help, type Command } from 'commander';
import { describeUsage } from '../../agent/flags.ts';

const introduction = `# The command line

Written by \`npm run schema\` from the program itself. \`foretide --help\` and \`foretide COMMAND --help\`
say the same.

| exit code | means |
|---|---|
| 0 | done |
| 1 | it was tried and failed, or there is something to report: a difference, a failed check |
| 2 | the command line or the configuration is wrong; nothing was done |

Lengths of time have their unit: \`500ms\`, \`30s\`, \`5m\`, \`1h\`, \`7d\`. Commands that reach a running
controller do so over its Unix socket: by default the one of this folder, else \`--socket\` or
\`FORETIDE_SOCKET\`. Commands that reach AWS take credentials and region from where AWS's SDK finds them.
`;

export function printReference(program: Command): void {
  process.stdout.write(createCommandReference(program));
}

/** Markdown: a heading, the usage and tables for each command that is not hidden. */
export function createCommandReference(program: Command): string {
  const help = new Help();
  const sections = help
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => describeCommand(command, help));
  return [introduction, ...sections].join('\n');
}

/** The command itself where it does something, else the commands within it. */
function describeCommand(command: Command, help: Help): readonly string[] {
  const inner = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  if (inner.length > 0) return inner.flatMap((each) => describeCommand(each, help));
  const usage = help.commandUsage(command);
  const name = usage.replace(/ [[<].*$/u, '');
  const description = `${help.commandDescription(command)}.`;
  const parts = [
    `## ${name}`,
    capitalize(description),
    `    ${usage}`,
    ...describeParts(command, help),
  ];
  return [`${parts.join('\n\n')}\n`];
}

function describeParts(command: Command, help: Help): readonly string[] {
  if (command.name() === 'agent') return [`\`\`\`text\n${describeUsage()}\`\`\``];
  const rows = [
    ...help.visibleArguments(command).map((each) => ({
      term: help.argumentTerm(each),
      says: help.argumentDescription(each),
    })),
    ...help
      .visibleOptions(command)
      .filter(({ long }) => long !== '--help')
      .map((each) => ({
        term: help.optionTerm(each),
        says: `${each.mandatory ? 'required; ' : ''}${help.optionDescription(each)}`,
      })),
  ];
  if (rows.length === 0) return [];
  const lines = rows.map(({ term, says }) => `| \`${escape(term)}\` | ${escape(says)} |`);
  return [['| | |', '|---|---|', ...lines].join('\n')];
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|');
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
