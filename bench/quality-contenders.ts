// Who enters the protocol beside the rivals: Foretide's configs, one fixed policy each. A new one is
// one line of `contenders`.
import type { GroupConfig } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load-config.ts';

export interface FixedContender {
  readonly name: string;
  /** The policy in the config's spelling; `{violations}` becomes the column's allowance. */
  readonly policy: string;
  /** Beside the protocol: the main column alone, on one seed, when all others have been run. */
  readonly isReference?: true;
}

export const contenders: readonly FixedContender[] = [
  { name: 'foretide', policy: '{ type: demand, violations: {violations} }' },
  {
    name: 'foretide, forecast: off',
    policy: '{ type: demand, violations: {violations}, forecast: off }',
  },
  {
    name: 'target tracking at 60 %, one seed',
    policy: '{ type: target-tracking, signal: cpu, target: 60% }',
    isReference: true,
  },
];

/** Whether it is run once for each allowance, or once for all. */
export function dependsOnAllowance({ policy }: FixedContender): boolean {
  return policy.includes('{violations}');
}

/** The group of the protocol, 1 to 1000 instances, with the contender's policy and all defaults. */
export function configureContender(
  { name, policy }: FixedContender,
  allowance: number,
): GroupConfig {
  const written = policy.replaceAll('{violations}', `${allowance * 100}%`);
  const text = [
    'groups:',
    '  - name: protocol',
    '    min: 1',
    '    max: 1000',
    `    policies: [${written}]`,
  ].join('\n');
  const outcome = loadConfig(text, name);
  if (!outcome.ok) throw new Error(`${name}: ${JSON.stringify(outcome.errors)}`);
  const [group] = outcome.config.groups;
  if (group === undefined) throw new Error(`${name}: no group`);
  return group;
}
