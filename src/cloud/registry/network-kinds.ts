// EC2's networks: what has which id, and what cannot be deleted while something is in it
// (`DependencyViolation`, EC2 API reference, error codes).

import { isOverlapping, isWithin } from '../cloudformation/address-blocks.ts';
import type { JsonRecord } from '../cloudformation/json.ts';
import { textOf } from '../cloudformation/json.ts';
import type { Fault } from '../fault.ts';
import type { StoredKind } from './kind.ts';
import { drawnKind, usersOf } from './kind.ts';
import type { Place } from './stored-resource.ts';
import { findStored, listStored } from './stored-resource.ts';

/** What takes EC2 about half a minute to end. */
const MACHINE_END_MS = 30_000;

type Uses = readonly (readonly [type: string, property: string])[];

const VPC_USES: Uses = [
  ['AWS::EC2::Subnet', 'VpcId'],
  ['AWS::EC2::SecurityGroup', 'VpcId'],
  ['AWS::EC2::RouteTable', 'VpcId'],
  ['AWS::EC2::VPCGatewayAttachment', 'VpcId'],
  ['AWS::EC2::VPCEndpoint', 'VpcId'],
];
const SUBNET_USES: Uses = [
  ['AWS::EC2::NetworkInterface', 'SubnetId'],
  ['AWS::EC2::Instance', 'SubnetId'],
  ['AWS::EC2::NatGateway', 'SubnetId'],
  ['AWS::EC2::VPCEndpoint', 'SubnetIds'],
];
const GROUP_USES: Uses = [
  ['AWS::EC2::NetworkInterface', 'GroupSet'],
  ['AWS::EC2::Instance', 'SecurityGroupIds'],
  ['AWS::EC2::VPCEndpoint', 'SecurityGroupIds'],
];

export const NETWORK_KINDS: Readonly<Record<string, StoredKind>> = {
  'AWS::EC2::VPC': drawnKind('vpc', {
    attributesOf: ({ id, hex, properties }) => ({
      VpcId: id,
      CidrBlock: properties['CidrBlock'] ?? '',
      DefaultSecurityGroup: `sg-0${hex}`,
      DefaultNetworkAcl: `acl-0${hex}`,
      CidrBlockAssociations: [`vpc-cidr-assoc-0${hex}`],
      Ipv6CidrBlocks: [],
    }),
    replacing: ['CidrBlock'],
    blocker: (place, { id }) =>
      usersOf(place, id, VPC_USES).length === 0 ? undefined : hasDependencies('vpc', id),
  }),
  'AWS::EC2::Subnet': drawnKind('subnet', {
    attributesOf: ({ id, properties, options }) => ({
      SubnetId: id,
      AvailabilityZone: properties['AvailabilityZone'] ?? options.zones[0] ?? '',
      CidrBlock: properties['CidrBlock'] ?? '',
      VpcId: properties['VpcId'] ?? '',
    }),
    replacing: ['CidrBlock', 'VpcId', 'AvailabilityZone'],
    missing: findSubnetProblem,
    onStored: ({ model }, { id, attributes }) => {
      model.subnetZones.set(id, textOf(attributes['AvailabilityZone']) ?? '');
    },
    blocker: (place, { id }) =>
      usersOf(place, id, SUBNET_USES).length + countMachines(place, id) === 0
        ? undefined
        : hasDependencies('subnet', id),
  }),
  'AWS::EC2::SecurityGroup': drawnKind('sg', {
    attributesOf: ({ id, properties }) => ({ GroupId: id, VpcId: properties['VpcId'] ?? '' }),
    replacing: ['GroupName', 'GroupDescription', 'VpcId'],
    missing: needsVpc,
    blocker: (place, { id }) =>
      usersOf(place, id, GROUP_USES).length === 0
        ? undefined
        : refusal('DependencyViolation', `resource ${id} has a dependent object`),
  }),
  'AWS::EC2::SecurityGroupIngress': drawnKind('sgr', { replacing: ['GroupId', 'IpProtocol'] }),
  'AWS::EC2::SecurityGroupEgress': drawnKind('sgr', { replacing: ['GroupId', 'IpProtocol'] }),
  'AWS::EC2::InternetGateway': drawnKind('igw', {
    attributesOf: ({ id }) => ({ InternetGatewayId: id }),
    blocker: (place, { id }) =>
      usersOf(place, id, [['AWS::EC2::VPCGatewayAttachment', 'InternetGatewayId']]).length === 0
        ? undefined
        : hasDependencies('internetGateway', id),
  }),
  'AWS::EC2::VPCGatewayAttachment': drawnKind('attachment', {
    attributesOf: () => ({ AttachmentType: 'IGW' }),
    missing: needsVpc,
    replacing: ['VpcId', 'InternetGatewayId'],
  }),
  'AWS::EC2::RouteTable': drawnKind('rtb', {
    attributesOf: ({ id }) => ({ RouteTableId: id }),
    missing: needsVpc,
    replacing: ['VpcId'],
    blocker: (place, { id }) =>
      usersOf(place, id, [['AWS::EC2::SubnetRouteTableAssociation', 'RouteTableId']]).length === 0
        ? undefined
        : hasDependencies('routeTable', id),
  }),
  'AWS::EC2::Route': drawnKind('route', {
    attributesOf: ({ properties }) => ({ CidrBlock: properties['DestinationCidrBlock'] ?? '' }),
    replacing: ['RouteTableId', 'DestinationCidrBlock'],
  }),
  'AWS::EC2::SubnetRouteTableAssociation': drawnKind('rtbassoc', {
    replacing: ['SubnetId', 'RouteTableId'],
  }),
  'AWS::EC2::VPCEndpoint': drawnKind('vpce', {
    attributesOf: () => ({ DnsEntries: [], NetworkInterfaceIds: [] }),
    missing: needsVpc,
    replacing: ['ServiceName', 'VpcId', 'VpcEndpointType'],
  }),
  'AWS::EC2::NatGateway': drawnKind('nat', {
    attributesOf: ({ id }) => ({ NatGatewayId: id }),
    replacing: ['SubnetId', 'AllocationId'],
    endMs: MACHINE_END_MS,
  }),
  'AWS::EC2::EIP': drawnKind('eipalloc', {
    attributesOf: ({ id, hex }) => ({ AllocationId: id, PublicIp: publicIp(hex) }),
  }),
  'AWS::EC2::EIPAssociation': drawnKind('eipassoc'),
  'AWS::EC2::NetworkInterface': drawnKind('eni', {
    attributesOf: ({ hex }) => ({ PrimaryPrivateIpAddress: `10.0.0.${hexByte(hex)}` }),
    replacing: ['SubnetId'],
    blocker: (place, { id }) =>
      usersOf(place, id, [['AWS::EC2::Instance', 'NetworkInterfaces']]).length === 0
        ? undefined
        : refusal('InvalidParameterValue', `Network interface '${id}' is currently in use.`),
  }),
  'AWS::EC2::Volume': drawnKind('vol', {
    attributesOf: ({ id }) => ({ VolumeId: id }),
    replacing: ['AvailabilityZone', 'Encrypted', 'KmsKeyId', 'SnapshotId'],
    blocker: (place, { id }) =>
      usersOf(place, id, [['AWS::EC2::VolumeAttachment', 'VolumeId']]).length === 0
        ? undefined
        : refusal('VolumeInUse', `Volume ${id} is currently attached to an instance`),
  }),
  'AWS::EC2::VolumeAttachment': drawnKind('volatt', {
    replacing: ['Device', 'InstanceId', 'VolumeId'],
  }),
  'AWS::EC2::Instance': drawnKind('i', {
    attributesOf: ({ id, hex, options }) => ({
      InstanceId: id,
      PrivateIp: `10.0.0.${hexByte(hex)}`,
      PrivateDnsName: `ip-10-0-0-${hexByte(hex)}.ec2.internal`,
      PublicIp: publicIp(hex),
      PublicDnsName: `ec2-${publicIp(hex).replaceAll('.', '-')}.compute-1.amazonaws.com`,
      AvailabilityZone: options.zones[0] ?? '',
    }),
    replacing: ['ImageId', 'SubnetId', 'KeyName', 'AvailabilityZone', 'NetworkInterfaces'],
    blocker: (_place, { id, properties }) =>
      textOf(properties['DisableApiTermination']) === 'true'
        ? refusal(
            'OperationNotPermitted',
            `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' ` +
              'instance attribute and try again.',
          )
        : undefined,
    endMs: MACHINE_END_MS,
  }),
};

function findSubnetProblem(place: Place, properties: JsonRecord): Fault | undefined {
  const missing = needsVpc(place, properties);
  if (missing !== undefined) return missing;
  const block = textOf(properties['CidrBlock']) ?? '';
  const vpcId = textOf(properties['VpcId']) ?? '';
  const vpc = findStored(place.registry, 'AWS::EC2::VPC', vpcId);
  if (!isWithin(block, textOf(vpc?.properties['CidrBlock']) ?? '')) {
    return refusal('InvalidSubnet.Range', `The CIDR '${block}' is invalid.`);
  }
  const isTaken = listStored(place.registry, 'AWS::EC2::Subnet').some(
    (other) =>
      other.properties['VpcId'] === vpcId &&
      isOverlapping(textOf(other.properties['CidrBlock']) ?? '', block),
  );
  if (!isTaken) return undefined;
  const message = `The CIDR '${block}' conflicts with another subnet`;
  return refusal('InvalidSubnet.Conflict', message);
}

function needsVpc({ registry }: Place, properties: JsonRecord): Fault | undefined {
  const id = textOf(properties['VpcId']);
  if (id === undefined || findStored(registry, 'AWS::EC2::VPC', id) !== undefined) return undefined;
  return refusal('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);
}

/** Instances of groups, each of which has an interface in its subnet. */
function countMachines({ model }: Place, subnetId: string): number {
  const zone = model.subnetZones.get(subnetId);
  return [...model.instances.values()].filter((instance) => {
    const group =
      instance.groupName === undefined ? undefined : model.groups.get(instance.groupName);
    const isHere = group?.settings.subnetIds.includes(subnetId) === true && instance.zone === zone;
    return isHere && instance.machine !== 'terminated';
  }).length;
}

function hasDependencies(noun: string, id: string): Fault {
  const message = `The ${noun} '${id}' has dependencies and cannot be deleted.`;
  return refusal('DependencyViolation', message);
}

function refusal(code: string, message: string): Fault {
  return { code, message, status: 400 };
}

function publicIp(hex: string): string {
  return `198.51.100.${hexByte(hex)}`;
}

function hexByte(hex: string): number {
  return (Number.parseInt(hex.slice(0, 2), 16) % 250) + 4;
}
