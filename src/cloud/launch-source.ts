// What instances are made of: launch templates with versions, and launch configurations. Groups
// name one of them; an instance keeps what it was made of.

import type { Fault, Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import type { Model } from './model.ts';
import type { EpochMs } from './time.ts';

/** How capacity is bought. */
export type Market = 'on-demand' | 'spot';

/** What an instance was made of. */
export interface LaunchSource {
  readonly instanceType: string;
  readonly market: Market;
  /** What a Spot instance costs an hour; `undefined` On-Demand, whose price is the table's. */
  readonly spotHourlyUsd: number | undefined;
  readonly imageId: string;
  readonly keyName: string | undefined;
  /** Whether its metadata shows its tags. */
  readonly exposesTags: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly launchTemplate:
    | { readonly id: string; readonly name: string; readonly version: string }
    | undefined;
  readonly launchConfigurationName: string | undefined;
}

/** What a group says its instances shall be made of; a version may be `$Latest` or `$Default`. */
export type GroupSource =
  | { readonly kind: 'launch-template'; readonly id: string; readonly version: string | undefined }
  | { readonly kind: 'launch-configuration'; readonly name: string };

export interface LaunchTemplateVersion {
  readonly number: number;
  readonly createdAt: EpochMs;
  readonly description: string | undefined;
  readonly instanceType: string | undefined;
  /** `spot` where the template's market options say so. */
  readonly market: Market;
  readonly imageId: string | undefined;
  readonly keyName: string | undefined;
  /** `InstanceMetadataTags` of the template's metadata options. */
  readonly exposesTags: boolean;
  /** The template's tags for instances. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly createdAt: EpochMs;
  defaultVersion: number;
  /** Oldest first; the last is `$Latest`. */
  readonly versions: LaunchTemplateVersion[];
}

export interface LaunchConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: EpochMs;
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName: string | undefined;
}

/** What is launched when neither template nor override names a type: EC2's own default. */
const DEFAULT_INSTANCE_TYPE = 'm1.small';
const DEFAULT_IMAGE_ID = 'ami-00000000000000000';

/** Returns what an instance launched now would be made of, or why the source cannot be used. */
export function resolveSource(model: Model, source: GroupSource): Outcome<LaunchSource> {
  switch (source.kind) {
    case 'launch-configuration':
      return resolveConfiguration(model, source.name);
    case 'launch-template':
      return resolveTemplate(model, source.id, source.version);
    default:
      return source satisfies never;
  }
}

function resolveConfiguration(model: Model, name: string): Outcome<LaunchSource> {
  const configuration = model.launchConfigurations.get(name);
  if (configuration === undefined) return { ok: false, fault: configurationNotFound(name) };
  return succeed({
    instanceType: configuration.instanceType,
    market: 'on-demand',
    spotHourlyUsd: undefined,
    imageId: configuration.imageId,
    keyName: configuration.keyName,
    exposesTags: false,
    tags: {},
    launchTemplate: undefined,
    launchConfigurationName: name,
  });
}

function resolveTemplate(
  model: Model,
  id: string,
  version: string | undefined,
): Outcome<LaunchSource> {
  const template = model.launchTemplates.get(id);
  if (template === undefined) {
    return refuse(
      'ValidationError',
      'You must use a valid fully-formed launch template. ' +
        `The specified launch template, with template ID ${id}, does not exist.`,
    );
  }
  const content = findTemplateVersion(template, version);
  if (content === undefined) {
    return refuse(
      'ValidationError',
      'You must use a valid fully-formed launch template. Could not find the specified version ' +
        `${version ?? '$Default'} for the launch template with ID ${id}.`,
    );
  }
  return succeed({
    instanceType: content.instanceType ?? DEFAULT_INSTANCE_TYPE,
    market: content.market,
    spotHourlyUsd: undefined,
    imageId: content.imageId ?? DEFAULT_IMAGE_ID,
    keyName: content.keyName,
    exposesTags: content.exposesTags,
    tags: content.tags,
    launchTemplate: { id, name: template.name, version: String(content.number) },
    launchConfigurationName: undefined,
  });
}

/** Returns the version by number, `$Latest` or `$Default` (also when none is named). */
export function findTemplateVersion(
  template: LaunchTemplate,
  version: string | undefined,
): LaunchTemplateVersion | undefined {
  if (version === '$Latest') return template.versions.at(-1);
  const number =
    version === undefined || version === '$Default' ? template.defaultVersion : Number(version);
  return template.versions.find((candidate) => candidate.number === number);
}

export function configurationNotFound(name: string): Fault {
  return {
    code: 'ValidationError',
    message:
      'Launch configuration name not found - A launch configuration with the name: ' +
      `${name} does not exist`,
    status: 400,
  };
}
