// The demo runs two controllers at two paces; to people they are one.

import type { Commands, ReadModel } from '../../controller/ports/control.ts';

export interface Part {
  readonly read: ReadModel;
  readonly commands: Commands;
}

/** Answers for the part that has the group; the first part answers for what is nobody's. */
export function joinControl(first: Part, second: Part): Part {
  const parts = [first, second];
  const find = (group: string): Part =>
    parts.find(({ read }) => read.group(group) !== null) ?? first;
  const read: ReadModel = {
    now: () => first.read.now(),
    groups: () => parts.flatMap((part) => part.read.groups()),
    group: (name) => find(name).read.group(name),
    decisions: (name, query) => find(name).read.decisions(name, query),
    currentDecision: (name) => find(name).read.currentDecision(name),
    decisionAt: (name, at) => find(name).read.decisionAt(name, at),
    obstacles: (name, direction, at) => find(name).read.obstacles(name, direction, at),
    sizeObstacles: (name, size, at) => find(name).read.sizeObstacles(name, size, at),
    minutes: (name, query) => find(name).read.minutes(name, query),
    tenSeconds: (name, query) => find(name).read.tenSeconds(name, query),
    forecast: (name, hours) => find(name).read.forecast(name, hours),
    metrics: () => first.read.metrics(),
    health: () => {
      const problems = parts.flatMap((part) => part.read.health().problems);
      return { isHealthy: problems.length === 0, problems };
    },
  };
  const commands: Commands = {
    put: (group, override) => {
      const part = find(group);
      // Ends are told in the first part's time; each part lives in its own.
      const shiftMs = part.read.now() - first.read.now();
      const until = override.until === null ? null : override.until + shiftMs;
      return part.commands.put(group, { ...override, until });
    },
    check: (group, override) => find(group).commands.check(group, override),
    changeMode: (group, wish) => find(group).commands.changeMode(group, wish),
    end: (group, by) => find(group).commands.end(group, by),
  };
  return { read, commands };
}
