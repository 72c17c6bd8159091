// MQTT topic filters: which topics one covers (MQTT 3.1.1, section 4.7). Knows no topic of ours.

/** Filters of this kind ask for a share of the messages; the embedded broker has none. */
export const sharedSubscriptionPrefix = '$share/';

export function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#');
}

/**
 * Whether a filter covers a topic. `+` stands for one level, `#` at the end for any number of them,
 * none included: `a/#` covers `a`. A leading wildcard does not cover topics that begin with `$`.
 */
export function isCovered(topic: string, filter: string): boolean {
  if (filter === topic) return true;
  if (topic.startsWith('$') && !filter.startsWith('$')) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return index === wanted.length - 1;
    if (index >= levels.length) return false;
    if (level !== '+' && level !== levels[index]) return false;
  }
  return wanted.length === levels.length;
}
