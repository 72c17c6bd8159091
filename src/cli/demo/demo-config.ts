// The demo's two configurations, as a user would write them.

import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';

export const simulatedGroup = 'web';
export const machineGroup = 'this-machine';

export interface DemoPlaces {
  readonly storePath: string;
  readonly apiPort: number;
}

/** The group whose instances are simulated: no policy is named, so that it follows its demand. */
export function simulatedConfig({ storePath, apiPort }: DemoPlaces): Config {
  return parse(`
api: { listen: '127.0.0.1:${apiPort}' }
store: { path: ${JSON.stringify(storePath)} }
groups:
  - name: ${simulatedGroup}
    autoScalingGroup: web-asg
    region: us-east-1
    min: 2
    max: 40
    staleAfter: 20s
`);
}

/** This machine's own group, driven by its real load at its real pace. */
export function machineConfig({ storePath, apiPort }: DemoPlaces): Config {
  return parse(`
api: { listen: '127.0.0.1:${apiPort}' }
store: { path: ${JSON.stringify(storePath)} }
groups:
  - name: ${machineGroup}
    autoScalingGroup: machine-asg
    region: us-east-1
    min: 1
    max: 3
    warmup: 10s
    stabilization: 60s
    policies:
      - { type: threshold, signal: cpu, scaleOutAbove: 80%, scaleInBelow: 40%, change: 1 }
`);
}

function parse(text: string): Config {
  const outcome = loadConfig(text, 'demo');
  if (!outcome.ok) {
    throw new Error(`the demo's own configuration is wrong: ${outcome.errors[0]?.found}`);
  }
  return outcome.config;
}
