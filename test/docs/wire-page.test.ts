// docs/wire.md against the code: its examples are read by their parsers or said by the controller,
// and its signals, reasons and limits are those of the source.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inboxLengthMax } from '../../src/controller/inbox.ts';
import { streamsMax } from '../../src/controller/load-streams.ts';
import { leaseDurationMs, leaseRenewEveryMs } from '../../src/controller/ownership.ts';
import { parseClaim } from '../../src/wire/claim.ts';
import {
  commandIntervalMsMax,
  commandIntervalMsMin,
  parseCommand,
} from '../../src/wire/command.ts';
import { parseLoadLine } from '../../src/wire/load-line.ts';
import { rejectionReasons, type Parsed } from '../../src/wire/rejection.ts';
import {
  ageMsMax,
  parseReport,
  payloadBytesMax,
  signalsPerReportMax,
} from '../../src/wire/report.ts';
import { agentSignals, connectionsAgeSignal, connectionsToPort } from '../../src/wire/signals.ts';
import { instanceStates, parseStatus } from '../../src/wire/status.ts';
import {
  controllerTopic,
  decisionTopic,
  instanceTopic,
  nameLengthMax,
  parseTopic,
  type ParsedTopic,
} from '../../src/wire/topics.ts';
import { SimulatedController } from '../controller/simulated-controller.ts';

const page = readFileSync(new URL('../../docs/wire.md', import.meta.url), 'utf8');

interface Example {
  /** What stands behind the fence: `json report`. */
  readonly tag: string;
  readonly text: string;
}

const examples: readonly Example[] = [...page.matchAll(/^```([^\n]+)\n([^]*?)\n```$/gm)].map(
  ([, tag = '', text = '']) => ({ tag, text }),
);

/** The rows of the table under a heading of that name, their cells as they stand. */
function readTable(heading: string, headCell: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [, table = ''] = section.split(`| ${headCell} |`);
  const [rows = ''] = table.split('\n\n', 1);
  const lines = rows.split('\n').slice(2);
  return lines.map((line) => line.slice(2, -2).split(/ ?\| /));
}

function unquote(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '').trim();
}

const parsers: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  'json report': parseReport,
  'json status': parseStatus,
  'json command': parseCommand,
  'json claim': parseClaim,
};

function examplesOf(tag: string): readonly string[] {
  return examples.filter((example) => example.tag === tag).map(({ text }) => text);
}

describe('the examples of docs/wire.md', () => {
  it.each(examples.filter(({ tag }) => parsers[tag] !== undefined))(
    'are taken whole as what they are: $tag $text',
    ({ tag, text }) => {
      // Equal to the whole object: no member of the example is unknown to the parser.
      expect(parsers[tag]?.(text)).toEqual({ ok: true, value: JSON.parse(text) });
    },
  );

  it('show each kind of message, each command, and are all tested', () => {
    const tested = [...Object.keys(parsers), 'json decision', 'load-line', 'topics', 'sh'];
    expect(new Set(examples.map(({ tag }) => tag))).toEqual(new Set(tested));
    const commands = examplesOf('json command').map((text) => parseCommand(text));
    expect(commands).toMatchObject([
      { value: { command: 'drain' } },
      { value: { command: 'undrain' } },
      { value: { command: 'set-interval' } },
    ]);
  });

  it('have a load line that comes to the signals told below it', () => {
    const [line = ''] = examplesOf('load-line');
    const signals = { cpu: 0.375, connections: 100 };
    expect(parseLoadLine(line)).toEqual({ ok: true, value: { signals } });
    expect(page).toContain('That is `cpu` 0.375 and `connections` 100');
  });

  it('have topics that are spelled as the controller and the agents spell them', () => {
    const topics = examplesOf('topics').flatMap((text) => text.split('\n'));
    expect(topics.length).toBeGreaterThan(4);
    for (const topic of topics) expect(spell(parseTopic(topic))).toBe(topic);
  });

  it('have a shell command whose topic and payload are a report', () => {
    const [, topic = '', payload = ''] =
      /-t (\S+) -m '([^']+)'/.exec(examplesOf('sh')[0] ?? '') ?? [];
    expect(parseTopic(topic)).toEqual({ kind: 'report', group: 'web', instance: 'i-0abc' });
    expect(parseReport(payload).ok).toBe(true);
  });

  it('have the decision and the claim that a controller really publishes', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 3.6;
    await stand.run(1);
    const [claim] = examplesOf('json claim').map((text): unknown => JSON.parse(text));
    const [decision] = examplesOf('json decision').map((text): unknown => JSON.parse(text));
    const published = stand.telemetry.published.map(({ topic, payload, isRetained }) => ({
      topic,
      body: JSON.parse(payload),
      isRetained,
    }));
    expect(published).toEqual([
      { topic: 'foretide/v1/web/controller', body: claim, isRetained: true },
      { topic: 'foretide/v1/web/decision', body: decision, isRetained: true },
    ]);
  });
});

function spell(topic: ParsedTopic | null): string | null {
  if (topic === null) return null;
  switch (topic.kind) {
    case 'decision':
      return decisionTopic(topic.group);
    case 'controller':
      return controllerTopic(topic.group);
    case 'report':
    case 'status':
    case 'command':
      return instanceTopic(topic.kind, topic.group, topic.instance);
  }
}

describe('the tables of docs/wire.md', () => {
  it('have every signal of the agent, with its meaning', () => {
    const rows = readTable('Report', 'signal').map(([name, what]) => [unquote(name), what]);
    const perPort = [connectionsToPort(443), connectionsAgeSignal];
    expect(rows.slice(0, -perPort.length)).toEqual(Object.entries(agentSignals));
    expect(rows.slice(-perPort.length).map(([name]) => name)).toEqual(perPort);
  });

  it('have every reason to reject, in the order of the source', () => {
    const rows = readTable('Rejections', 'reason').map(([reason]) => unquote(reason));
    expect(rows).toEqual(rejectionReasons);
  });

  it('have a report that is rejected for the reason, where one stands beside it', () => {
    const shown = readTable('Rejections', 'reason')
      .map(([reason, , report]) => ({ reason: unquote(reason), report: unquote(report) }))
      .filter(({ report }) => report !== '');
    expect(shown.length).toBeGreaterThan(6);
    const parsed = shown.map(({ report }) => parseReport(report));
    expect(parsed).toEqual(shown.map(({ reason }) => ({ ok: false, reason })));
  });

  it('have every state of an instance', () => {
    const states = readTable('Status', 'state').map(([state]) => unquote(state));
    expect(states).toEqual(instanceStates);
  });

  it('have the members of a full report and of a decision', () => {
    const told = (heading: string): readonly string[] =>
      readTable(heading, 'member').flatMap(([names]) => unquote(names).split(', '));
    const members = (text: string | undefined): readonly string[] =>
      Object.keys(JSON.parse(text ?? '{}'));
    expect(told('Report')).toEqual(members(examplesOf('json report')[1]));
    expect(told('Decision')).toEqual(members(examplesOf('json decision')[0]));
    expect(told('Claim')).toEqual(members(examplesOf('json claim')[0]));
  });

  it('have the limits that the source has', () => {
    const limits = new Map(
      readTable('Limits', 'limit').map(([name, value]) => [unquote(name), Number(value)]),
    );
    expect(Object.fromEntries(limits)).toMatchObject({
      'a payload of any message, in bytes': payloadBytesMax,
      'a name of a group or an instance, in characters before encoding': nameLengthMax,
      'signals in a report': signalsPerReportMax,
      ageMs: ageMsMax,
      'intervalMs of a command, at least': commandIntervalMsMin,
      'intervalMs of a command, at most': commandIntervalMsMax,
      'sources of one group’s load topics': streamsMax,
      'messages that wait for the controller’s tick': inboxLengthMax,
    });
  });

  it('agree at the limits that no constant is exported for', () => {
    const limit = (name: string): number =>
      Number(readTable('Limits', 'limit').find(([cell]) => unquote(cell) === name)?.[1]);
    const atMost = (parse: (size: number) => Parsed<unknown>, name: string): void => {
      expect([name, parse(limit(name)).ok, parse(limit(name) + 1).ok]).toEqual([name, true, false]);
    };
    const report = (rest: object): Parsed<unknown> =>
      parseReport(JSON.stringify({ signals: {}, ...rest }));
    const claim = { controller: 'a', since: 0, durationMs: 0 };
    atMost(
      (size) => report({ signals: { ['x'.repeat(size)]: 1 } }),
      'a signal’s name, in characters',
    );
    atMost((size) => report({ session: 'x'.repeat(size) }), 'session of a report, in characters');
    atMost((size) => report({ intervalMs: size }), 'intervalMs of a report');
    atMost(
      (size) => parseStatus(JSON.stringify({ state: 'online', zone: 'x'.repeat(size) })),
      'a text in a status, in characters',
    );
    atMost(
      (size) => parseClaim(JSON.stringify({ ...claim, controller: 'x'.repeat(size) })),
      'controller of a claim, in characters',
    );
    atMost(
      (size) => parseClaim(JSON.stringify({ ...claim, durationMs: size })),
      'durationMs of a claim',
    );
    atMost((size) => parseLoadLine('1,1'.padEnd(size)), 'a load line, in characters');
  });

  it('tell how long a claim stands', () => {
    expect(page).toContain(`retained, and again every ${leaseRenewEveryMs / 1000} s`);
    expect(examplesOf('json claim')[0]).toContain(`"durationMs": ${leaseDurationMs}`);
  });
});
