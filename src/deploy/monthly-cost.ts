// What a template costs a month, from its resources alone and without asking anybody: On-Demand list
// prices of us-east-1 in US dollars, 730 hours. Traffic and requests are not in it.

import { recordOf, type Template, type TemplateNode } from './template-library.ts';

export interface CostLine {
  readonly what: string;
  /** US dollars a month at the smallest and at the largest size of the groups. */
  readonly leastUsd: number;
  readonly mostUsd: number;
}

const hoursPerMonth = 730;
const volumeGibUsd = 0.08;
const publicAddressHourUsd = 0.005;
const detailedMonitoringUsd = 2.1;
/** Of an instance that is chosen by what it has, of 2 vCPUs as Spot: about a third of $0.0765. */
const spotHourUsd = 0.026;

/** EC2's price list, On-Demand Linux in us-east-1, dollars an hour. */
const instanceHourUsd: ReadonlyMap<string, number> = new Map([
  ['t3.nano', 0.0052],
  ['t3.micro', 0.0104],
  ['t3.small', 0.0208],
  ['t3.medium', 0.0416],
  ['t3.large', 0.0832],
  ['t4g.micro', 0.0084],
  ['t4g.small', 0.0168],
  ['t4g.medium', 0.0336],
  ['m5.large', 0.096],
  ['m6i.large', 0.096],
  ['m7g.large', 0.0816],
  ['c5.large', 0.085],
  ['c6i.large', 0.085],
  ['c7g.large', 0.0725],
]);

/** Each kind that costs something by being there, with its price a month. */
const flatUsd: Readonly<Record<string, readonly [what: string, usd: number]>> = {
  'AWS::CloudWatch::Alarm': ['alarm', 0.1],
  'AWS::CloudWatch::Dashboard': ['dashboard', 3],
  'AWS::EC2::NatGateway': ['NAT gateway', 0.045 * hoursPerMonth],
  'AWS::SecretsManager::Secret': ['secret', 0.4],
  // A target tracking policy puts up two alarms of its own.
  'AWS::AutoScaling::ScalingPolicy': ['alarms of a scaling policy', 0.2],
};

export type ParameterValues = ReadonlyMap<string, string>;

export interface CostEstimate {
  readonly lines: readonly CostLine[];
  /** Types of instances whose price is not known here: they are not in the sum. */
  readonly unknownTypes: readonly string[];
}

export function estimateMonthlyCost(template: Template, values: ParameterValues): CostEstimate {
  const resources = template.resources.filter(
    ({ condition }) => condition === null || isMet(template.conditions[condition], values),
  );
  const unknownTypes: string[] = [];
  const lines = resources.flatMap(({ logicalId, properties, type }): readonly CostLine[] => {
    const flat = flatUsd[type];
    if (flat !== undefined) return [always(`${flat[0]} ${logicalId}`, flat[1])];
    if (type === 'AWS::EC2::Volume') {
      const gib = Number(settle(properties['Size'], values) ?? 0);
      return [always(`volume ${logicalId}, ${gib} GiB`, gib * volumeGibUsd)];
    }
    if (type !== 'AWS::AutoScaling::AutoScalingGroup') return [];
    const priced = priceGroup({ template, values, properties });
    if (priced.unknownType !== null) unknownTypes.push(priced.unknownType);
    return [{ ...priced.line, what: `group ${logicalId}, ${priced.line.what}` }];
  });
  return { lines, unknownTypes };
}

export function formatUsd(usd: number): string {
  return `$${usd.toFixed(2)}`;
}

interface PricedGroup {
  readonly line: CostLine;
  readonly unknownType: string | null;
}

function priceGroup(asked: {
  readonly template: Template;
  readonly values: ParameterValues;
  readonly properties: TemplateNode;
}): PricedGroup {
  const { properties, template, values } = asked;
  const launch = template.resources.find(({ type }) => type === 'AWS::EC2::LaunchTemplate');
  const data = recordOf(launch?.properties['LaunchTemplateData']);
  const isMixed = properties['MixedInstancesPolicy'] !== undefined;
  const instanceType = settle(data['InstanceType'], values) ?? 'Spot of 2 vCPUs';
  const hourUsd = isMixed ? spotHourUsd : (instanceHourUsd.get(instanceType) ?? null);
  const hasMonitoring = recordOf(data['Monitoring'])['Enabled'] === true;
  const eachUsd =
    ((hourUsd ?? 0) + publicAddressHourUsd) * hoursPerMonth +
    8 * volumeGibUsd +
    (hasMonitoring ? detailedMonitoringUsd : 0);
  const min = Number(settle(properties['MinSize'], values) ?? 0);
  const max = Number(settle(properties['MaxSize'], values) ?? 0);
  const desired = Number(settle(properties['DesiredCapacity'], values) ?? min);
  return {
    line: {
      what: `${desired} to ${max} × ${instanceType} with disk and address`,
      leastUsd: desired * eachUsd,
      mostUsd: max * eachUsd,
    },
    unknownType: hourUsd === null ? instanceType : null,
  };
}

function always(what: string, usd: number): CostLine {
  return { what, leastUsd: usd, mostUsd: usd };
}

/** A plain value, or that of a parameter; null for what only CloudFormation can work out. */
function settle(value: unknown, values: ParameterValues): string | null {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  const reference = recordOf(value)['Ref'];
  return typeof reference === 'string' ? (values.get(reference) ?? null) : null;
}

/** `!Equals` and `!Not`, as far as the templates here use them; others count as met. */
function isMet(condition: unknown, values: ParameterValues): boolean {
  const { 'Fn::Equals': pair, 'Fn::Not': negated } = recordOf(condition);
  if (Array.isArray(pair)) return settle(pair[0], values) === settle(pair[1], values);
  if (Array.isArray(negated)) return !isMet(negated[0], values);
  return true;
}
