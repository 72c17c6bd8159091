// CreateLaunchTemplate, CreateLaunchTemplateVersion and the two that describe them.

import { SECOND_MS } from '../../cloud/calendar.ts';
import type { TemplateContent } from '../../cloud/define-launch-source.ts';
import {
  createLaunchTemplate,
  createTemplateVersion,
  deleteLaunchTemplate,
  findLaunchTemplate,
} from '../../cloud/define-launch-source.ts';
import type { Fault } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import type { LaunchTemplate, LaunchTemplateVersion } from '../../cloud/launch-source.ts';
import { findTemplateVersion } from '../../cloud/launch-source.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { list, oneOf, operation, optional, required, structure, text } from '../input-shape.ts';
import type { Operations } from '../operations.ts';

const contentMembers = {
  ImageId: text(),
  InstanceType: text(),
  KeyName: text(),
  InstanceMarketOptions: optional(structure({ MarketType: oneOf(['spot', 'capacity-block']) })),
  MetadataOptions: optional(structure({ InstanceMetadataTags: oneOf(['disabled', 'enabled']) })),
  TagSpecification: list(
    structure({
      ResourceType: text(),
      Tag: list(structure({ Key: required(text(), ''), Value: text() })),
    }),
  ),
} as const;

const referenceMembers = { LaunchTemplateId: text(), LaunchTemplateName: text() } as const;

export function createLaunchTemplateOperations(world: World): Operations {
  return {
    CreateLaunchTemplate: operation(
      {
        LaunchTemplateName: required(text({ min: 3, max: 128 }), ''),
        VersionDescription: text({ max: 255 }),
        LaunchTemplateData: structure(contentMembers),
      },
      (input) => {
        const content = readContent(input.LaunchTemplateData, input.VersionDescription);
        const created = createLaunchTemplate(world, input.LaunchTemplateName, content);
        return created.ok ? succeed({ launchTemplate: templateOutput(created.value) }) : created;
      },
    ),
    CreateLaunchTemplateVersion: operation(
      {
        ...referenceMembers,
        VersionDescription: text({ max: 255 }),
        LaunchTemplateData: structure(contentMembers),
      },
      (input) => {
        const template = findTemplate(world, input);
        if ('code' in template) return { ok: false, fault: template };
        const content = readContent(input.LaunchTemplateData, input.VersionDescription);
        const version = createTemplateVersion(world, template, content);
        return succeed({ launchTemplateVersion: versionOutput(template, version) });
      },
    ),
    DeleteLaunchTemplate: operation(referenceMembers, (input) => {
      const template = findTemplate(world, input);
      if ('code' in template) return { ok: false, fault: template };
      deleteLaunchTemplate(world, template);
      return succeed({ launchTemplate: templateOutput(template) });
    }),
    DescribeLaunchTemplates: operation(
      {
        LaunchTemplateId: list(required(text(), '')),
        LaunchTemplateName: list(required(text(), '')),
      },
      (input) => {
        const ids = new Set(input.LaunchTemplateId);
        const names = new Set(input.LaunchTemplateName);
        const isAll = ids.size + names.size === 0;
        const templates = [...world.launchTemplates.values()].filter(
          ({ id, name }) => isAll || ids.has(id) || names.has(name),
        );
        return succeed({ launchTemplates: templates.map(templateOutput) });
      },
    ),
    DescribeLaunchTemplateVersions: operation(
      { ...referenceMembers, LaunchTemplateVersion: list(required(text(), '')) },
      (input) => {
        const template = findTemplate(world, input);
        if ('code' in template) return { ok: false, fault: template };
        const wanted = input.LaunchTemplateVersion;
        const versions =
          wanted.length === 0
            ? template.versions
            : wanted.flatMap((version) => findTemplateVersion(template, version) ?? []);
        return succeed({
          launchTemplateVersionSet: versions.map((version) => versionOutput(template, version)),
        });
      },
    ),
  };
}

function findTemplate(
  world: World,
  reference: Parsed<typeof referenceMembers>,
): LaunchTemplate | Fault {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = reference;
  const template = findLaunchTemplate(world, { id, name });
  if (template !== undefined) return template;
  const isById = id !== undefined;
  return {
    code: isById
      ? 'InvalidLaunchTemplateId.NotFound'
      : 'InvalidLaunchTemplateName.NotFoundException',
    message: `The specified launch template, with template ${isById ? 'ID' : 'name'} ${id ?? name ?? ''}, does not exist.`,
    status: 400,
  };
}

function readContent(
  data: Parsed<typeof contentMembers>,
  description: string | undefined,
): TemplateContent {
  return {
    description,
    imageId: data.ImageId,
    instanceType: data.InstanceType,
    market: data.InstanceMarketOptions?.MarketType === 'spot' ? 'spot' : 'on-demand',
    keyName: data.KeyName,
    exposesTags: data.MetadataOptions?.InstanceMetadataTags === 'enabled',
    tags: Object.fromEntries(
      data.TagSpecification.filter(({ ResourceType }) => ResourceType === 'instance')
        .flatMap(({ Tag }) => Tag)
        .map(({ Key, Value }) => [Key, Value ?? '']),
    ),
  };
}

function templateOutput(template: LaunchTemplate): Readonly<Record<string, unknown>> {
  return {
    launchTemplateId: template.id,
    launchTemplateName: template.name,
    createTime: template.createdAt / SECOND_MS,
    defaultVersionNumber: template.defaultVersion,
    latestVersionNumber: template.versions.at(-1)?.number,
  };
}

function versionOutput(
  template: LaunchTemplate,
  version: LaunchTemplateVersion,
): Readonly<Record<string, unknown>> {
  return {
    launchTemplateId: template.id,
    launchTemplateName: template.name,
    versionNumber: version.number,
    versionDescription: version.description,
    createTime: version.createdAt / SECOND_MS,
    defaultVersion: version.number === template.defaultVersion,
    launchTemplateData: {
      imageId: version.imageId,
      instanceType: version.instanceType,
      keyName: version.keyName,
      instanceMarketOptions: version.market === 'spot' ? { marketType: 'spot' } : undefined,
    },
  };
}
