// What happens to instances, in the words of the events that Auto Scaling and EC2 send ("Amazon EC2
// Auto Scaling event reference"; "EC2 instance state-change events").

import { formatUtcMilliseconds } from '../calendar.ts';
import type { JsonRecord } from '../cloudformation/json.ts';
import type { CloudEvent } from '../history.ts';
import type { Model } from '../model.ts';
import type { BusEvent } from './event-bus.ts';

const AUTO_SCALING = 'aws.autoscaling';
const INTO_GROUP: JsonRecord = { Origin: 'EC2', Destination: 'AutoScalingGroup' };

/** The events of one happening; most have one of EC2 or one of Auto Scaling. */
export function describeHappening(model: Model, happening: CloudEvent): readonly BusEvent[] {
  switch (happening.kind) {
    case 'launched':
      return [stateChange(model, happening, 'pending')];
    case 'running':
      return [stateChange(model, happening, 'running')];
    case 'in-service':
      return [groupEvent(model, happening, 'EC2 Instance Launch Successful')];
    case 'warmed':
      return [
        groupEvent(model, happening, 'EC2 Instance Launch Successful', {
          Origin: 'EC2',
          Destination: 'WarmPool',
        }),
      ];
    case 'terminating':
      return [stateChange(model, happening, 'shutting-down')];
    case 'terminated':
      return [
        stateChange(model, happening, 'terminated'),
        groupEvent(model, happening, 'EC2 Instance Terminate Successful', {
          Origin: 'AutoScalingGroup',
          Destination: 'EC2',
        }),
      ];
    case 'lifecycle-action':
      return [lifecycleAction(model, happening)];
    case 'launch-failed':
      return [launchFailure(model, happening)];
    case 'rebalance-recommendation':
      return [spotWarning(model, happening, 'EC2 Instance Rebalance Recommendation', {})];
    case 'spot-interruption-notice':
      return [
        spotWarning(model, happening, 'EC2 Spot Instance Interruption Warning', {
          'instance-action': 'terminate',
        }),
      ];
    case 'standby':
    case 'detached':
      return [];
    default:
      return happening satisfies never;
  }
}

type InstanceHappening = Extract<CloudEvent, { readonly instanceId: string }>;

function stateChange(model: Model, happening: InstanceHappening, state: string): BusEvent {
  const { instanceId, at } = happening;
  return {
    source: 'aws.ec2',
    detailType: 'EC2 Instance State-change Notification',
    at,
    resources: [instanceArn(model, instanceId)],
    detail: { 'instance-id': instanceId, state },
  };
}

/** EC2 user guide, "Spot Instance interruption notices" and "rebalance recommendations". */
function spotWarning(
  model: Model,
  { at, instanceId }: InstanceHappening,
  detailType: string,
  detail: JsonRecord,
): BusEvent {
  return {
    source: 'aws.ec2',
    detailType,
    at,
    resources: [instanceArn(model, instanceId)],
    detail: { 'instance-id': instanceId, ...detail },
  };
}

function groupEvent(
  model: Model,
  happening: InstanceHappening,
  detailType: string,
  way: JsonRecord = INTO_GROUP,
): BusEvent {
  const { instanceId, groupName, at } = happening;
  const instance = model.instances.get(instanceId);
  const group = model.groups.get(groupName);
  const activity =
    group?.activities.find(({ id }) => id === instance?.activityId) ??
    group?.activities.findLast(({ description }) => description.includes(instanceId));
  const isLaunch = detailType.includes('Launch');
  return {
    source: AUTO_SCALING,
    detailType,
    at,
    resources: [...groupArns(model, groupName), instanceArn(model, instanceId)],
    detail: {
      StatusCode: 'InProgress',
      Description:
        activity?.description ??
        `${isLaunch ? 'Launching a new' : 'Terminating'} EC2 instance: ${instanceId}`,
      AutoScalingGroupName: groupName,
      ActivityId: activity?.id ?? '',
      Details: {
        'Availability Zone': instance?.zone ?? '',
        ...(activity?.subnetId === undefined ? {} : { 'Subnet ID': activity.subnetId }),
      },
      RequestId: activity?.id ?? '',
      StatusMessage: '',
      EndTime: formatUtcMilliseconds(at),
      EC2InstanceId: instanceId,
      StartTime: formatUtcMilliseconds(activity?.startedAt ?? at),
      Cause: activity?.cause ?? '',
      ...way,
    },
  };
}

function lifecycleAction(
  model: Model,
  happening: Extract<CloudEvent, { readonly kind: 'lifecycle-action' }>,
): BusEvent {
  const { groupName, instanceId, transition, hookName, token, origin, destination } = happening;
  const hook = model.groups.get(groupName)?.hooks.get(hookName);
  const isLaunch = transition === 'autoscaling:EC2_INSTANCE_LAUNCHING';
  const metadata = hook?.notificationMetadata;
  return {
    source: AUTO_SCALING,
    detailType: `EC2 Instance-${isLaunch ? 'launch' : 'terminate'} Lifecycle Action`,
    at: happening.at,
    resources: groupArns(model, groupName),
    detail: {
      LifecycleActionToken: token,
      AutoScalingGroupName: groupName,
      LifecycleHookName: hookName,
      EC2InstanceId: instanceId,
      LifecycleTransition: transition,
      ...(metadata === undefined ? {} : { NotificationMetadata: metadata }),
      Origin: origin,
      Destination: destination,
    },
  };
}

function launchFailure(
  model: Model,
  happening: Extract<CloudEvent, { readonly kind: 'launch-failed' }>,
): BusEvent {
  const { groupName, at, reason } = happening;
  const activity = model.groups
    .get(groupName)
    ?.activities.findLast(({ status }) => status === 'Failed');
  return {
    source: AUTO_SCALING,
    detailType: 'EC2 Instance Launch Unsuccessful',
    at,
    resources: groupArns(model, groupName),
    detail: {
      StatusCode: 'Failed',
      AutoScalingGroupName: groupName,
      ActivityId: activity?.id ?? '',
      Details: { 'Availability Zone': activity?.zone ?? '' },
      RequestId: activity?.id ?? '',
      StatusMessage: reason,
      EndTime: formatUtcMilliseconds(at),
      EC2InstanceId: '',
      StartTime: formatUtcMilliseconds(activity?.startedAt ?? at),
      Cause: activity?.cause ?? '',
      Description: activity?.description ?? '',
      Origin: 'EC2',
      Destination: 'AutoScalingGroup',
    },
  };
}

function groupArns(model: Model, groupName: string): readonly string[] {
  const arn = model.groups.get(groupName)?.arn;
  return arn === undefined ? [] : [arn];
}

function instanceArn({ options }: Model, instanceId: string): string {
  return `arn:aws:ec2:${options.region}:${options.accountId}:instance/${instanceId}`;
}
