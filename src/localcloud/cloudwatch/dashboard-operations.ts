// The dashboard operations with AWS's member names.

import type { CloudWatch } from '../../cloud/cloudwatch/cloudwatch.ts';
import {
  deleteDashboards,
  getDashboard,
  listDashboards,
  putDashboard,
} from '../../cloud/cloudwatch/dashboards.ts';
import { refuseMissing } from '../../cloud/cloudwatch/faults.ts';
import { succeed } from '../../cloud/fault.ts';
import { listOf, readText, structureOf } from '../json-shape.ts';
import type { CallContext, Operation } from '../service.ts';
import { defineOperation } from './define-operation.ts';

/** Dashboards belong to no region. */
function dashboardArn(name: string, { accountId }: CallContext): string {
  return `arn:aws:cloudwatch::${accountId}:dashboard/${name}`;
}

export function putDashboardOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({ DashboardName: readText, DashboardBody: readText });
  return defineOperation(cloudWatch, readInput, (input, { now }) => {
    const { DashboardName: name, DashboardBody: body } = input;
    if (name === undefined) return refuseMissing('DashboardName');
    if (body === undefined) return refuseMissing('DashboardBody');
    const outcome = putDashboard(cloudWatch.dashboards, { name, body }, now);
    return outcome.ok ? succeed({ DashboardValidationMessages: [] }) : outcome;
  });
}

export function getDashboardOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({ DashboardName: readText });
  return defineOperation(cloudWatch, readInput, ({ DashboardName: name }, context) => {
    if (name === undefined) return refuseMissing('DashboardName');
    const outcome = getDashboard(cloudWatch.dashboards, name);
    if (!outcome.ok) return outcome;
    return succeed({
      DashboardName: name,
      DashboardArn: dashboardArn(name, context),
      DashboardBody: outcome.value.body,
    });
  });
}

/** All at once: there are never so many that pages are needed. */
export function listDashboardsOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({ DashboardNamePrefix: readText });
  return defineOperation(cloudWatch, readInput, ({ DashboardNamePrefix = '' }, context) => {
    const found = listDashboards(cloudWatch.dashboards, DashboardNamePrefix);
    const DashboardEntries = found.map(({ name, body, modifiedAt }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn(name, context),
      LastModified: modifiedAt / 1000,
      Size: Buffer.byteLength(body),
    }));
    return succeed({ DashboardEntries });
  });
}

export function deleteDashboardsOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({ DashboardNames: listOf(readText) });
  return defineOperation(cloudWatch, readInput, ({ DashboardNames: names }) => {
    if (names === undefined) return refuseMissing('DashboardNames');
    const outcome = deleteDashboards(cloudWatch.dashboards, names);
    return outcome.ok ? succeed({}) : outcome;
  });
}
