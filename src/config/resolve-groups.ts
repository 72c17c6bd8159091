// Makes the core's groups of those in a file: each on top of `defaults`, those on top of what is
// built in.

import type { Group, PerDirection } from '../core/group.ts';
import type { Policy } from '../core/policies/policy.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import type { DemandConfig, GroupConfig, SourceConfig } from './config.ts';
import type { Path, Report } from './config-error.ts';
import type { WrittenFile, WrittenPolicy, WrittenSource } from './file-schema.ts';
import { findSetting, isWritten, type Layer, type Setting } from './layered-settings.ts';
import { requireShare } from './quantity.ts';
import { checkDistinct, resolveGroupTarget, type NamedTarget } from './resolve-group-target.ts';
import { createDemandReader, type DemandReader } from './resolve-group-demand.ts';
import { resolveForecast } from './resolve-forecast.ts';
import { resolveFreezes, resolveLimits } from './resolve-limits.ts';
import { resolvePolicies, type ResolvedPolicies } from './resolve-policies.ts';
import { resolveSources } from './resolve-sources.ts';
import { resolveWarmPool } from './resolve-warm-pool.ts';
import { requireDuration } from './units.ts';

/** Leaves out what was reported, here or before. */
export function resolveGroups(file: WrittenFile, report: Report): readonly GroupConfig[] {
  const defaults: Layer = { written: file.defaults ?? {}, path: ['defaults'] };
  const readPolicies = createPolicyReader(report);
  const readSources = createSourceReader(report);
  const readDemand = createDemandReader(report);
  const shared = findSetting([defaults], 'policies');
  const sharedSources = findSetting([defaults], 'sources');
  // Also where every group has its own: a mistake should not wait to be used.
  const sources = sharedSources === null ? [] : readSources(sharedSources);
  const sharedDemand = findSetting([defaults], 'demand');
  const demand = sharedDemand === null ? null : readDemand(sharedDemand, sources);
  if (shared !== null) readPolicies(shared, sources, demand);

  const named: NamedTarget[] = [];
  const groups = (file.groups ?? []).flatMap((written, index) => {
    const path = ['groups', index];
    const layers = [{ written, path }, defaults, { written: builtInDefaults.group, path }];
    const target = resolveGroupTarget(written, layers, path, report);
    if (target !== null) named.push(target);
    const readers = { readPolicies, readSources, readDemand };
    return resolveGroup(target, { layers, path, report, ...readers }) ?? [];
  });
  checkDistinct(named, report);
  return groups;
}

type PolicyReader = (
  setting: Setting<readonly WrittenPolicy[]>,
  sources: readonly SourceConfig[],
  demand: DemandConfig | null,
) => ResolvedPolicies;
type SourceReader = (setting: Setting<readonly WrittenSource[]>) => readonly SourceConfig[];

/** Each list is read, and its mistakes are told, once; many groups may share that of `defaults`. */
function createPolicyReader(report: Report): PolicyReader {
  const read = new Map<unknown, Map<unknown, Map<unknown, ResolvedPolicies>>>();
  return ({ value, path }, sources, demand) => {
    const bySources = read.get(value) ?? new Map<unknown, Map<unknown, ResolvedPolicies>>();
    read.set(value, bySources);
    const byDemand = bySources.get(sources) ?? new Map<unknown, ResolvedPolicies>();
    bySources.set(sources, byDemand);
    const place = { path, report, sources, demand };
    const policies = byDemand.get(demand) ?? resolvePolicies(value, place);
    byDemand.set(demand, policies);
    return policies;
  };
}

function createSourceReader(report: Report): SourceReader {
  const read = new Map<unknown, readonly SourceConfig[]>();
  return ({ value, path }) => {
    const sources = read.get(value) ?? resolveSources(value, { path, report });
    read.set(value, sources);
    return sources;
  };
}

interface GroupPlace {
  /** From the group's own outwards. */
  readonly layers: readonly Layer[];
  readonly path: Path;
  readonly report: Report;
  readonly readPolicies: PolicyReader;
  readonly readSources: SourceReader;
  readonly readDemand: DemandReader;
}

/** Every setting but three has a built-in value, so that one not found has been reported. */
function resolveGroup(named: NamedTarget | null, place: GroupPlace): GroupConfig | null {
  const { layers } = place;
  const bounds = resolveBounds(place);
  const policies = findSetting(layers, 'policies');
  const writtenSources = findSetting(layers, 'sources');
  const sources = writtenSources === null ? [] : place.readSources(writtenSources);
  const writtenDemand = findSetting(layers, 'demand');
  const demand = writtenDemand === null ? null : place.readDemand(writtenDemand, sources);
  const resolvedPolicies = policies === null ? null : place.readPolicies(policies, sources, demand);
  const times = resolveTimes(layers, resolvedPolicies?.policies ?? []);
  const mode = findSetting(layers, 'mode');
  const minReportingRatio = findSetting(layers, 'minReportingRatio');
  const honorCooldown = findSetting(layers, 'honorCooldown');
  const limits = resolveLimits(layers, place.report);
  const writtenPool = findSetting(layers, 'warmPool');
  const warmPool =
    writtenPool === null || resolvedPolicies === null
      ? null
      : resolveWarmPool(writtenPool, resolvedPolicies.policies, place.report);
  const freezes = findSetting(layers, 'freezes');
  const resolvedFreezes = freezes === null ? [] : resolveFreezes(freezes, place.report);
  if (named === null || bounds === null || times === null || resolvedPolicies === null) return null;
  if (mode === null || minReportingRatio === null || honorCooldown === null) return null;
  const { staleAfterMs, ...coreTimes } = times;
  const group: Group = {
    name: named.name,
    mode: mode.value,
    ...bounds,
    ...coreTimes,
    minReportingRatio: requireShare(minReportingRatio.value),
    policies: resolvedPolicies.policies,
    ...limits,
    ...(warmPool !== null && { warmPool }),
  };
  const pricePerInstanceHour = findSetting(layers, 'pricePerInstanceHour')?.value ?? null;
  const calendar = { schedules: resolvedPolicies.schedules, freezes: resolvedFreezes };
  const edges = { target: named.target, honorCooldown: honorCooldown.value, staleAfterMs };
  const allSources = [...sources, ...resolvedPolicies.sources];
  const written = findSetting(layers, 'forecast')?.value;
  const forecast = resolveForecast(written, sources, demand !== null);
  const made = { sources: allSources, demand, forecast };
  return { group, ...edges, pricePerInstanceHour, ...made, calendar };
}

function resolveBounds(place: GroupPlace): Pick<Group, 'min' | 'max'> | null {
  const { layers, path, report } = place;
  const min = findSetting(layers, 'min');
  const max = findSetting(layers, 'max');
  if (!isWritten(layers, 'max')) {
    const allowed = 'the most instances there may ever be, as a whole number';
    report({ path: [...path, 'max'], found: 'nothing', allowed });
  }
  if (min === null || max === null) return null;
  if (min.value > max.value) {
    const found = `min ${min.value} above max ${max.value}`;
    // In the group itself, if one of the two is there: mending `defaults` would touch others.
    const nearest = max.path[0] === 'groups' ? max.path : min.path;
    report({ path: nearest, found, allowed: 'min up to max' });
    return null;
  }
  return { min: min.value, max: max.value };
}

const none: PerDirection = { scaleOutMs: 0, scaleInMs: 0 };

interface Times extends Pick<Group, 'warmupMs' | 'cooldown' | 'stabilization'> {
  readonly staleAfterMs: number;
}

function resolveTimes(layers: readonly Layer[], policies: readonly Policy[]): Times | null {
  const warmup = findSetting(layers, 'warmup');
  const cooldown = findSetting(layers, 'cooldown');
  const stabilization = findSetting(layers, 'stabilization');
  const staleAfter = findSetting(layers, 'staleAfter');
  if (warmup === null || cooldown === null) return null;
  if (stabilization === null || staleAfter === null) return null;
  const builtIn = builtInDefaults.group;
  // Where demand alone decides, nothing holds back what nobody asked to be held back: the policy
  // keeps surplus by itself, for as long as that is worth more than starting it again.
  const isByDemand = policies.length > 0 && policies.every(({ type }) => type === 'demand');
  const written = layers.slice(0, -1);
  const isFree = (key: 'cooldown' | 'stabilization'): boolean =>
    isByDemand && !isWritten(written, key);
  return {
    warmupMs: requireDuration(warmup.value),
    cooldown: isFree('cooldown')
      ? none
      : readPerDirection(cooldown.value, builtIn.cooldown, 'both'),
    stabilization: isFree('stabilization')
      ? none
      : readPerDirection(stabilization.value, builtIn.stabilization, 'scale-in'),
    staleAfterMs: requireDuration(staleAfter.value),
  };
}

/** `meaning`: what a single duration is for. */
function readPerDirection(
  written: string | { scaleOut?: string | undefined; scaleIn?: string | undefined },
  builtIn: { readonly scaleOut: string; readonly scaleIn: string },
  meaning: 'both' | 'scale-in',
): PerDirection {
  if (typeof written === 'string') {
    const scaleOut = meaning === 'both' ? written : builtIn.scaleOut;
    return { scaleOutMs: requireDuration(scaleOut), scaleInMs: requireDuration(written) };
  }
  return {
    scaleOutMs: requireDuration(written.scaleOut ?? builtIn.scaleOut),
    scaleInMs: requireDuration(written.scaleIn ?? builtIn.scaleIn),
  };
}
