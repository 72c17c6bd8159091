// AWS::CloudWatch::Alarm and Dashboard.

import type { JsonRecord } from '../../../cloud/cloudformation/json.ts';
import { isList, isRecord } from '../../../cloud/cloudformation/json.ts';
import type { Output, ResourceContext, ResourceHandler } from './handler.ts';
import { done, flagOf, nameOf, numberOf, provisioned } from './handler.ts';

const SERVICE = 'monitoring';
const NUMBERS = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold'] as const;

function alarmInput(properties: JsonRecord, name: string): Output {
  const { Metrics: metrics, ActionsEnabled: enabled, Tags: _tags, ...rest } = properties;
  const numbers = NUMBERS.flatMap((member) =>
    properties[member] === undefined ? [] : [[member, numberOf(properties[member])]],
  );
  return {
    ...rest,
    ...Object.fromEntries(numbers),
    AlarmName: name,
    ActionsEnabled: flagOf(enabled),
    ...(isList(metrics) ? { Metrics: metrics.map(queryInput) } : {}),
  };
}

function queryInput(query: unknown): Output {
  if (!isRecord(query)) return {};
  const { MetricStat: stat, ReturnData: returned, Period: period, ...rest } = query;
  return {
    ...rest,
    ReturnData: flagOf(returned),
    Period: numberOf(period),
    ...(isRecord(stat) ? { MetricStat: { ...stat, Period: numberOf(stat['Period']) } } : {}),
  };
}

const alarm: ResourceHandler = {
  replacing: ['AlarmName'],
  create: (context, request) => putAlarm(context, request.properties, nameOf(request, 'AlarmName')),
  update: (context, request, made) => putAlarm(context, request.properties, made.physicalId),
  remove: ({ call }, { physicalId }) =>
    done(call(SERVICE, 'DeleteAlarms', { AlarmNames: [physicalId] })),
};

function putAlarm({ call, world }: ResourceContext, properties: JsonRecord, name: string) {
  const put = call(SERVICE, 'PutMetricAlarm', alarmInput(properties, name));
  if (!put.ok) return put;
  const { region, accountId } = world.options;
  return provisioned(name, { Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}` });
}

const dashboard: ResourceHandler = {
  replacing: ['DashboardName'],
  create(context, request) {
    return putDashboard(context, request.properties, nameOf(request, 'DashboardName'));
  },
  update: (context, request, made) => putDashboard(context, request.properties, made.physicalId),
  remove: ({ call }, { physicalId }) =>
    done(call(SERVICE, 'DeleteDashboards', { DashboardNames: [physicalId] })),
};

function putDashboard({ call }: ResourceContext, properties: JsonRecord, name: string) {
  const input = { DashboardName: name, DashboardBody: properties['DashboardBody'] };
  const put = call(SERVICE, 'PutDashboard', input);
  return put.ok ? provisioned(name) : put;
}

export const MONITORING_RESOURCES: Readonly<Record<string, ResourceHandler>> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': dashboard,
};
