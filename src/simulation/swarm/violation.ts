// The rules that a run is held to, by name, and what broke them.

/** Each rule and what it demands, for people. */
export const rules = {
  'size-bounds': 'every size asked for lies within the bounds of the config and of AWS',
  'blind-scale-in': 'nothing is removed on stale signals, too few reports or without the broker',
  'invented-reading': 'every reading lies within what instances reported lately',
  'invented-capacity': 'every decision looks at the group as AWS last described it',
  'mode-broken': 'a mode that does not act, or not in that direction, does not',
  'unjournalled-act': 'no call before its decision is durable, but to add while the journal fails',
  'undecided-act': 'no call without a decision for it',
  'unexplained-change': 'every change has a reason',
  'overlapping-acts': 'one call at a time',
  'acted-on-unknown': 'after an unknown outcome no call before the group was described anew',
  'false-outcome': 'the journal has the outcome that AWS gave',
  'cooldown-broken': 'a cooldown holds the next change back',
  'cooldown-unfounded': 'a refused call starts no cooldown',
  'wait-too-long': 'no cooldown and no wait after a refusal is longer than it is meant to be',
  'freeze-broken': 'what a freeze forbids is not done',
  'rate-broken': 'no more changes within a period than the rate allows',
  'internal-error': 'the controller reports no bug of its own',
  'replay-differs': 'the journal decided about once more comes to the same decisions and states',
  'not-converged': 'in calm the group comes to the size that its policies want',
} as const;

export type Rule = keyof typeof rules;

export interface Violation {
  readonly rule: Rule;
  /** Since the start of the run, by the true clock. */
  readonly atMs: number;
  readonly detail: string;
}
