// The registry of contract scenarios, in the order in which they are told.

import type { Scenario } from '../scenario.ts';
import { capacityScenarios } from './capacity.ts';
import { groupScenarios } from './groups.ts';
import { hookScenarios } from './hooks.ts';
import { instanceScenarios } from './instances.ts';
import { machineScenarios } from './machines.ts';
import { policyScenarios } from './policies.ts';

export const scenarios: readonly Scenario[] = [
  ...groupScenarios,
  ...capacityScenarios,
  ...instanceScenarios,
  ...hookScenarios,
  ...policyScenarios,
  ...machineScenarios,
];
