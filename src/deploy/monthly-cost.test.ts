import { describe, expect, it } from 'vitest';
import { estimateMonthlyCost } from './monthly-cost.ts';
import { readTemplate, settleParameters, templateNames } from './template-library.ts';

function estimate(name: string, given: Readonly<Record<string, string>> = {}) {
  const template = readTemplate(name);
  return estimateMonthlyCost(template, settleParameters(template, new Map(Object.entries(given))));
}

const total = (name: string, given?: Readonly<Record<string, string>>): number =>
  estimate(name, given).lines.reduce((sum, { mostUsd }) => sum + mostUsd, 0);

describe('the cost of a month', () => {
  it('is that of its instances with disk, address and monitoring, and of what stands beside', () => {
    // One t3.micro: 730 h × ($0.0104 + $0.005) + 8 GiB × $0.08 + $2.10 = $13.982.
    const [group] = estimate('hello-asg').lines;
    expect(group?.leastUsd).toBeCloseTo(13.982, 6);
    expect(group?.mostUsd).toBeCloseTo(4 * 13.982, 6);
  });

  it('follows the parameters', () => {
    expect(total('hello-asg', { Maximum: '8' })).toBeGreaterThan(total('hello-asg'));
    // A secret more, whose condition is met.
    expect(total('controller', { LoadTopic: 'on' })).toBeCloseTo(total('controller') + 0.4, 6);
    expect(total('controller', { StoreSize: '108' })).toBeCloseTo(total('controller') + 8, 6);
  });

  it('names a type whose price it does not know, and leaves it out', () => {
    expect(estimate('fleet', { InstanceType: 'x9.huge' }).unknownTypes).toEqual(['x9.huge']);
  });

  it('is a finite number for every template', () => {
    for (const name of templateNames) {
      for (const { leastUsd, mostUsd } of estimate(name).lines) {
        expect(leastUsd).toBeGreaterThanOrEqual(0);
        expect(mostUsd).toBeGreaterThanOrEqual(leastUsd);
      }
    }
  });
});
