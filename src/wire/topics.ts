// The MQTT topics that agents and the controller meet on, version 1. Names are percent-encoded, so
// that a group called `a/b` or `#` stays one topic level. Payloads are in the files beside this one.

/** What may be said about one instance: the last level of its topics. */
export type InstanceTopicKind = 'report' | 'status' | 'command';

/** A topic of ours, taken apart. Names are decoded. */
export type ParsedTopic =
  | { readonly kind: InstanceTopicKind; readonly group: string; readonly instance: string }
  | { readonly kind: 'decision' | 'controller'; readonly group: string };

export const topicRoot = 'foretide/v1';

/** Longest name of a group or an instance, in UTF-16 units before encoding. AWS allows 255. */
export const nameLengthMax = 255;

export function instanceTopic(kind: InstanceTopicKind, group: string, instance: string): string {
  return `${topicRoot}/${encodeName(group)}/${encodeName(instance)}/${kind}`;
}

export function decisionTopic(group: string): string {
  return `${topicRoot}/${encodeName(group)}/decision`;
}

/** Where the controller of a group says, retained, that the group is taken. */
export function controllerTopic(group: string): string {
  return `${topicRoot}/${encodeName(group)}/controller`;
}

/** The subscription that covers one kind of message of every instance of every group. */
export function instanceTopicFilter(kind: InstanceTopicKind): string {
  return `${topicRoot}/+/+/${kind}`;
}

/** What a controller subscribes to for one group; for every group if it is null. */
export function groupFilters(group: string | null): readonly string[] {
  const level = group === null ? '+' : encodeName(group);
  return ['+/report', '+/status', 'controller'].map((rest) => `${topicRoot}/${level}/${rest}`);
}

/** Null for a topic that is not ours or has a name that does not decode. Never throws. */
export function parseTopic(topic: string): ParsedTopic | null {
  const levels = topic.split('/', 6);
  if (levels[0] !== 'foretide' || levels[1] !== 'v1') return null;
  const group = decodeName(levels[2]);
  if (group === null) return null;
  if (levels.length === 4) {
    const kind = levels[3];
    return kind === 'decision' || kind === 'controller' ? { kind, group } : null;
  }
  const instance = decodeName(levels[3]);
  const kind = levels[4];
  if (levels.length !== 5 || instance === null) return null;
  if (kind !== 'report' && kind !== 'status' && kind !== 'command') return null;
  return { kind, group, instance };
}

/** `encodeURIComponent` leaves nothing that MQTT gives a meaning to (`/`, `+`, `#`, NUL). */
function encodeName(name: string): string {
  return encodeURIComponent(name);
}

function decodeName(level: string | undefined): string | null {
  if (level === undefined || level === '') return null;
  if (!level.includes('%')) return level.length <= nameLengthMax ? level : null;
  try {
    const name = decodeURIComponent(level);
    return name.length <= nameLengthMax ? name : null;
  } catch {
    return null;
  }
}
