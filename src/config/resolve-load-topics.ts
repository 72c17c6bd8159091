// Makes the mapping of plain load topics to groups of what a file says about it.

import { topicRoot } from '../wire/topics.ts';
import type { LoadTopic } from './config.ts';
import { quote, type Report } from './config-error.ts';
import type { WrittenFile } from './file-schema.ts';
import { findNearest } from './nearest.ts';

/** A longer list of what is allowed helps nobody. */
const namesShownMax = 8;

/** `groupNames`: of all groups; null if some name could not be read. */
export function resolveLoadTopics(
  file: WrittenFile,
  groupNames: readonly string[] | null,
  report: Report,
): readonly LoadTopic[] {
  const seen = new Set<string>();
  return (file.loadTopics ?? []).flatMap(({ topic, group }, index) => {
    const path = ['loadTopics', index];
    if (topic !== undefined) {
      const topicPath = [...path, 'topic'];
      if (seen.has(topic)) {
        const found = `${quote(topic)} again`;
        report({ path: topicPath, found, allowed: 'each topic once' });
      }
      seen.add(topic);
      if (topic.startsWith(`${topicRoot.split('/')[0]}/`)) {
        const allowed = "a topic outside of foretide/, which is the agents' own";
        report({ path: topicPath, found: quote(topic), allowed });
      }
    }
    if (group !== undefined && groupNames !== null && !groupNames.includes(group)) {
      report({
        path: [...path, 'group'],
        found: `${quote(group)}, no group's name${describeNearest(group, groupNames)}`,
        allowed: listNames(groupNames),
      });
    }
    return topic === undefined || group === undefined ? [] : [{ topic, group }];
  });
}

function describeNearest(group: string, groupNames: readonly string[]): string {
  const nearest = findNearest(group, groupNames);
  return nearest === null ? '' : `, nearest to ${quote(nearest)}`;
}

function listNames(groupNames: readonly string[]): string {
  const shown = groupNames.slice(0, namesShownMax).map(quote).join(', ');
  const others = groupNames.length - namesShownMax;
  return others > 0 ? `${shown} or one of ${others} others` : shown;
}
