// The registry of contract scenarios, in the order in which they are told.

import type { Scenario } from '../scenario.ts';
import { capacityScenarios } from './capacity.ts';
import { groupScenarios } from './groups.ts';
import { hookScenarios } from './hooks.ts';
import { instanceScenarios } from './instances.ts';
import { machineScenarios } from './machines.ts';
import { identityScenarios } from './identity.ts';
import { policyScenarios } from './policies.ts';
import { queueScenarios } from './queues.ts';
import { stackScenarios } from './stacks.ts';
import { telemetryScenarios } from './telemetry.ts';

export const scenarios: readonly Scenario[] = [
  ...groupScenarios,
  ...capacityScenarios,
  ...instanceScenarios,
  ...hookScenarios,
  ...policyScenarios,
  ...machineScenarios,
  ...queueScenarios,
  ...telemetryScenarios,
  ...stackScenarios,
  ...identityScenarios,
];
