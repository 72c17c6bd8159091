// AWS::EC2::LaunchTemplate and KeyPair, which the model has; networks are stored.

import type { JsonRecord } from '../../../cloud/cloudformation/json.ts';
import { isList, isRecord, memberOf, textOf } from '../../../cloud/cloudformation/json.ts';
import type { ResourceRequest } from '../../../cloud/cloudformation/provisioner.ts';
import type { Output, ResourceContext, ResourceHandler } from './handler.ts';
import { goneIf, nameOf, provisioned } from './handler.ts';

const SERVICE = 'ec2';
const ABSENT = /NotFound|does not exist/u;

/** EC2's wire has singular names where templates have plural ones. */
function templateData(properties: JsonRecord): Output {
  const data = properties['LaunchTemplateData'];
  const specifications = memberOf(data, 'TagSpecifications');
  return {
    ...(isRecord(data) ? data : {}),
    TagSpecification: (isList(specifications) ? specifications : []).map((one) => ({
      ResourceType: memberOf(one, 'ResourceType'),
      Tag: memberOf(one, 'Tags') ?? [],
    })),
  };
}

const launchTemplate: ResourceHandler = {
  replacing: ['LaunchTemplateName'],
  create({ call }, request) {
    const name = nameOf(request, 'LaunchTemplateName', 128);
    const created = call(SERVICE, 'CreateLaunchTemplate', {
      LaunchTemplateName: name,
      LaunchTemplateData: templateData(request.properties),
    });
    if (!created.ok) return created;
    const id = textOf(memberOf(created.value['launchTemplate'], 'launchTemplateId')) ?? '';
    return provisioned(id, attributesOf(id, 1));
  },
  update: addVersion,
  remove: ({ call }, { physicalId }) =>
    goneIf(call(SERVICE, 'DeleteLaunchTemplate', { LaunchTemplateId: physicalId }), ABSENT),
};

function addVersion(
  { call }: ResourceContext,
  { properties }: ResourceRequest,
  { physicalId }: { readonly physicalId: string },
) {
  const added = call(SERVICE, 'CreateLaunchTemplateVersion', {
    LaunchTemplateId: physicalId,
    LaunchTemplateData: templateData(properties),
  });
  if (!added.ok) return added;
  const version = memberOf(added.value['launchTemplateVersion'], 'versionNumber');
  return provisioned(physicalId, attributesOf(physicalId, Number(textOf(version))));
}

function attributesOf(id: string, latest: number): JsonRecord {
  return {
    LaunchTemplateId: id,
    LatestVersionNumber: String(latest),
    DefaultVersionNumber: '1',
  };
}

const keyPair: ResourceHandler = {
  replacing: ['KeyName', 'KeyType', 'KeyFormat', 'PublicKeyMaterial'],
  create({ call }, { properties }) {
    const { KeyName, KeyType } = properties;
    const created = call(SERVICE, 'CreateKeyPair', { KeyName, KeyType });
    if (!created.ok) return created;
    const id = textOf(created.value['keyPairId']) ?? '';
    const fingerprint = textOf(created.value['keyFingerprint']) ?? '';
    return provisioned(textOf(KeyName) ?? '', { KeyPairId: id, KeyFingerprint: fingerprint });
  },
  update: (_context, _request, made) => provisioned(made.physicalId, made.attributes),
  remove: ({ call }, { physicalId }) =>
    goneIf(call(SERVICE, 'DeleteKeyPair', { KeyName: physicalId }), ABSENT),
};

export const COMPUTE_RESOURCES: Readonly<Record<string, ResourceHandler>> = {
  'AWS::EC2::LaunchTemplate': launchTemplate,
  'AWS::EC2::KeyPair': keyPair,
};
