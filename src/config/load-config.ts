// From the text of `foretide.yaml` to a configuration, or to all that is wrong with it. Reads no
// file: that is the caller's part.
//
//     text → YAML → shape (zod) → meaning → Config
//
// Each stage but the first goes on with what the one before found usable, so that one run names
// every mistake.

import { builtInDefaults } from './built-in-defaults.ts';
import { checkShape } from './check-shape.ts';
import type { Config, StoreConfig } from './config.ts';
import { formatPath, type ConfigError, type Problem, type Report } from './config-error.ts';
import { groupsAllowed, type WrittenFile } from './file-schema.ts';
import { checkPorts, resolveApi } from './resolve-api.ts';
import { resolveBroker } from './resolve-broker.ts';
import { resolveDiscover } from './resolve-discovered.ts';
import { resolveGroups } from './resolve-groups.ts';
import { resolvePublish } from './resolve-publish.ts';
import { resolveLoadTopics } from './resolve-load-topics.ts';
import { readYaml } from './yaml-source.ts';

export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config }
  /** In the order of the file. At least one. */
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** `file` is only what the errors call it. */
export function loadConfig(text: string, file: string): ConfigOutcome {
  const yaml = readYaml(text, file);
  if (!yaml.ok) return yaml;
  const { value, locate } = yaml.source;
  const problems = new Map<string, Problem>();
  // The same mistake in `defaults` is found once for each group that it affects.
  const report: Report = (problem) => {
    problems.set(`${formatPath(problem.path)} ${problem.found}`, problem);
  };
  const { written, isLeftOut } = checkShape(value, report);
  const config = resolveFile(written, (problem) => {
    if (!isLeftOut(problem.path)) report(problem);
  });
  if (problems.size > 0) {
    return { ok: false, errors: [...problems.values()].map(locate).toSorted(byPlace) };
  }
  if (config === null) throw new Error('a configuration without problems could not be made');
  return { ok: true, config };
}

/** Null only if something was reported. */
function resolveFile(file: WrittenFile, report: Report): Config | null {
  const broker = resolveBroker(file, report);
  const api = resolveApi(file, report);
  checkPorts(broker, api, report);
  const groups = resolveGroups(file, report);
  const groupNames = groups.map(({ group }) => group.name);
  if (!Object.hasOwn(file, 'groups') && !Object.hasOwn(file, 'discover')) {
    report({ path: ['groups'], found: 'nothing', allowed: `${groupsAllowed}, or discover` });
  }
  // What is discovered has names that no file knows.
  const areAllNamed = groups.length === file.groups?.length && file.discover === undefined;
  const loadTopics = resolveLoadTopics(file, areAllNamed ? groupNames : null, report);
  if (broker === null) return null;
  return {
    broker,
    api,
    store: resolveStore(file),
    publish: resolvePublish(file),
    loadTopics,
    groups,
    discover: resolveDiscover(file),
  };
}

function resolveStore({ store }: WrittenFile): StoreConfig {
  return {
    path: store?.path ?? builtInDefaults.store.path,
    onCorrupt: store?.onCorrupt ?? builtInDefaults.store.onCorrupt,
  };
}

function byPlace(one: ConfigError, other: ConfigError): number {
  return one.line - other.line || one.column - other.column;
}
