// EC2's networks as stored: what there is of each kind, so that "nothing is left" can be seen, and
// network interfaces, which get in the way of deletions.

import { SECOND_MS } from '../../cloud/calendar.ts';
import type { Json } from '../../cloud/cloudformation/json.ts';
import { isList, memberOf, textOf } from '../../cloud/cloudformation/json.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import type { Place, StoredResource } from '../../cloud/registry/stored-resource.ts';
import { removeStored, storeResource } from '../../cloud/registry/registry.ts';
import { findStored, listStored } from '../../cloud/registry/stored-resource.ts';
import { list, operation, required, structure, text } from '../input-shape.ts';
import type { Operations } from '../operations.ts';
import type { Operation } from '../service.ts';

type Output = Readonly<Record<string, unknown>>;

/** How one kind is described: its list, its id, its properties by their names on the wire. */
interface Description {
  readonly operation: string;
  readonly type: string;
  readonly setName: string;
  readonly idName: string;
  /** EC2's code for an id that is not there. */
  readonly absentCode: string;
  readonly members: Readonly<Record<string, string>>;
}

const DESCRIPTIONS: readonly Description[] = [
  describes('Vpc', 'AWS::EC2::VPC', { cidrBlock: 'CidrBlock' }),
  describes('Subnet', 'AWS::EC2::Subnet', {
    vpcId: 'VpcId',
    cidrBlock: 'CidrBlock',
    availabilityZone: 'AvailabilityZone',
  }),
  describes('InternetGateway', 'AWS::EC2::InternetGateway', {}),
  describes('RouteTable', 'AWS::EC2::RouteTable', { vpcId: 'VpcId' }),
  describes('Volume', 'AWS::EC2::Volume', {
    size: 'Size',
    volumeType: 'VolumeType',
    availabilityZone: 'AvailabilityZone',
  }),
  describes('NetworkInterface', 'AWS::EC2::NetworkInterface', {
    subnetId: 'SubnetId',
    description: 'Description',
    privateIpAddress: 'PrimaryPrivateIpAddress',
  }),
  describes('NatGateway', 'AWS::EC2::NatGateway', { subnetId: 'SubnetId' }),
  describes('VpcEndpoint', 'AWS::EC2::VPCEndpoint', { vpcId: 'VpcId', serviceName: 'ServiceName' }),
  {
    operation: 'DescribeSecurityGroups',
    type: 'AWS::EC2::SecurityGroup',
    setName: 'securityGroupInfo',
    idName: 'GroupId',
    absentCode: 'InvalidGroup.NotFound',
    members: { vpcId: 'VpcId', groupName: 'GroupName', groupDescription: 'GroupDescription' },
  },
  {
    operation: 'DescribeAddresses',
    type: 'AWS::EC2::EIP',
    setName: 'addressesSet',
    idName: 'AllocationId',
    absentCode: 'InvalidAllocationID.NotFound',
    members: { publicIp: 'PublicIp', domain: 'Domain' },
  },
];

function describes(
  noun: string,
  type: string,
  members: Readonly<Record<string, string>>,
): Description {
  return {
    operation: `Describe${noun}s`,
    type,
    setName: `${lowerFirst(noun)}Set`,
    idName: `${noun}Id`,
    absentCode: `Invalid${noun}ID.NotFound`,
    members,
  };
}

export function createNetworkOperations(place: Place): Operations {
  const described = DESCRIPTIONS.map(
    (description) => [description.operation, describeKind(place, description)] as const,
  );
  return {
    ...Object.fromEntries(described),
    CreateNetworkInterface: operation(
      {
        SubnetId: required(text(), ''),
        Description: text(),
        SecurityGroupId: list(required(text(), '')),
      },
      (input) => {
        const { SubnetId: subnetId } = input;
        if (findStored(place.registry, 'AWS::EC2::Subnet', subnetId) === undefined) {
          const message = `The subnet ID '${subnetId}' does not exist`;
          return refuse('InvalidSubnetID.NotFound', message);
        }
        const stored = storeResource(place, {
          type: 'AWS::EC2::NetworkInterface',
          properties: {
            SubnetId: subnetId,
            Description: input.Description ?? '',
            GroupSet: input.SecurityGroupId,
          },
          fallbackName: '',
        });
        if (!stored.ok) return stored;
        return succeed({
          networkInterface: { networkInterfaceId: stored.value.id, subnetId, status: 'pending' },
        });
      },
    ),
    DeleteNetworkInterface: operation(
      { NetworkInterfaceId: required(text(), '') },
      ({ NetworkInterfaceId: id }) => {
        const type = 'AWS::EC2::NetworkInterface';
        if (findStored(place.registry, type, id) === undefined) {
          const message = `The networkInterface ID '${id}' does not exist`;
          return refuse('InvalidNetworkInterfaceID.NotFound', message);
        }
        const removed = removeStored(place, type, id);
        return removed.ok ? succeed({ return: true }) : removed;
      },
    ),
  };
}

function describeKind(place: Place, description: Description): Operation {
  const { type, idName, setName, absentCode } = description;
  const shape = {
    [idName]: list(required(text(), '')),
    Filter: list(structure({ Name: required(text(), ''), Value: list(required(text(), '')) })),
  };
  return operation(shape, (input): Outcome<Output> => {
    const wanted = readTexts(input[idName]);
    const absent = wanted.find((id) => findStored(place.registry, type, id) === undefined);
    if (absent !== undefined) {
      return refuse(absentCode, `The ${lowerFirst(idName)} '${absent}' does not exist`);
    }
    const filters = Array.isArray(input['Filter']) ? input['Filter'] : [];
    const found = listStored(place.registry, type).filter(
      (stored) =>
        (wanted.length === 0 || wanted.includes(stored.id)) &&
        filters.every((filter) => isMatch(stored, description, filter)),
    );
    return succeed({ [setName]: found.map((stored) => storedOutput(place, stored, description)) });
  });
}

function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** `vpc-id`, `subnet-id`, `tag:KEY` and the kind's own id; other filters match nothing. */
function isMatch(
  { id, properties }: StoredResource,
  { idName }: Description,
  filter: { readonly Name: string; readonly Value: readonly string[] },
): boolean {
  const { Name: name, Value: values } = filter;
  if (name.startsWith('tag:')) {
    const value = tagsOf(properties['Tags']).find(({ key }) => key === name.slice('tag:'.length));
    return value !== undefined && values.includes(value.value);
  }
  const member = name.replaceAll(/(?:^|-)(\w)/gu, (_match, letter: string) => letter.toUpperCase());
  const actual = member === idName ? id : textOf(properties[member]);
  return actual !== undefined && values.includes(actual);
}

function storedOutput(
  { registry }: Place,
  { id, properties, attributes, createdAt }: StoredResource,
  { idName, members, type }: Description,
): Output {
  const named = Object.entries(members).map(([name, property]) => [
    name,
    properties[property] ?? attributes[property],
  ]);
  const attachments = listStored(registry, 'AWS::EC2::VPCGatewayAttachment')
    .filter((attachment) => attachment.properties['InternetGatewayId'] === id)
    .map((attachment) => ({ vpcId: attachment.properties['VpcId'], state: 'available' }));
  return {
    [lowerFirst(idName)]: id,
    ...Object.fromEntries(named),
    state: type === 'AWS::EC2::Volume' || type === 'AWS::EC2::VPC' ? 'available' : undefined,
    createTime: createdAt / SECOND_MS,
    ...(type === 'AWS::EC2::InternetGateway' ? { attachmentSet: attachments } : {}),
    tagSet: tagsOf(properties['Tags']),
  };
}

function tagsOf(
  tags: Json | undefined,
): readonly { readonly key: string; readonly value: string }[] {
  return (isList(tags) ? tags : []).map((tag) => ({
    key: textOf(memberOf(tag, 'Key')) ?? '',
    value: textOf(memberOf(tag, 'Value')) ?? '',
  }));
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
