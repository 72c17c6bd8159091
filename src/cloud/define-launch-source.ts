// Creating, finding and deleting launch templates and launch configurations.

import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import type {
  LaunchConfiguration,
  LaunchTemplate,
  LaunchTemplateVersion,
} from './launch-source.ts';
import { configurationNotFound } from './launch-source.ts';
import type { Model } from './model.ts';
import { drawHex, drawUuid, randomStream } from './random.ts';

export type TemplateContent = Omit<LaunchTemplateVersion, 'number' | 'createdAt'>;

/** Creates a template with its version 1. */
export function createLaunchTemplate(
  model: Model,
  name: string,
  content: TemplateContent,
): Outcome<LaunchTemplate> {
  if (findLaunchTemplate(model, { name }) !== undefined) {
    return refuse(
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'Launch template name already in use.',
    );
  }
  const stream = randomStream(model.options.seed, 'launch-template', model.takeNumber());
  const template: LaunchTemplate = {
    id: `lt-0${drawHex(stream, 16)}`,
    name,
    createdAt: model.now,
    defaultVersion: 1,
    versions: [{ ...content, number: 1, createdAt: model.now }],
  };
  model.launchTemplates.set(template.id, template);
  return succeed(template);
}

/** Adds the next version; `$Latest` is this one from now on. */
export function createTemplateVersion(
  model: Model,
  template: LaunchTemplate,
  content: TemplateContent,
): LaunchTemplateVersion {
  const number = (template.versions.at(-1)?.number ?? 0) + 1;
  const version = { ...content, number, createdAt: model.now };
  template.versions.push(version);
  return version;
}

/** Returns the template by id or by name. */
export function findLaunchTemplate(
  model: Model,
  reference: { readonly id?: string | undefined; readonly name?: string | undefined },
): LaunchTemplate | undefined {
  if (reference.id !== undefined) return model.launchTemplates.get(reference.id);
  for (const template of model.launchTemplates.values()) {
    if (template.name === reference.name) return template;
  }
  return undefined;
}

/** Creates a launch configuration, which never changes afterwards. */
export function createLaunchConfiguration(
  model: Model,
  content: Pick<LaunchConfiguration, 'name' | 'imageId' | 'instanceType' | 'keyName'>,
): Outcome<LaunchConfiguration> {
  const { name } = content;
  if (model.launchConfigurations.has(name)) {
    return refuse(
      'AlreadyExists',
      'Launch Configuration by this name already exists - A launch configuration already exists ' +
        `with the name ${name}`,
    );
  }
  const { region, accountId, seed } = model.options;
  const uuid = drawUuid(randomStream(seed, 'launch-configuration', model.takeNumber()));
  const configuration: LaunchConfiguration = {
    ...content,
    arn: `arn:aws:autoscaling:${region}:${accountId}:launchConfiguration:${uuid}:launchConfigurationName/${name}`,
    createdAt: model.now,
  };
  model.launchConfigurations.set(name, configuration);
  return succeed(configuration);
}

/** Deletes a launch configuration that no group names. */
export function deleteLaunchConfiguration(model: Model, name: string): Outcome<null> {
  if (!model.launchConfigurations.has(name)) {
    return { ok: false, fault: configurationNotFound(name) };
  }
  for (const { settings } of model.groups.values()) {
    if (settings.source.kind === 'launch-configuration' && settings.source.name === name) {
      return refuse(
        'ResourceInUse',
        `Cannot delete launch configuration ${name} because it is attached to an AutoScalingGroup`,
      );
    }
  }
  model.launchConfigurations.delete(name);
  return succeed(null);
}

/** Deletes a template; groups that name it fail to launch from then on, as at AWS. */
export function deleteLaunchTemplate(model: Model, template: LaunchTemplate): void {
  model.launchTemplates.delete(template.id);
}
