// What holds when a file says nothing, in the spelling of the file: the layer under `defaults:`. The
// reference in docs/config.md and the editor's completion show these very values.

export const builtInDefaults = {
  broker: { listen: '127.0.0.1:1883' },
  api: { listen: '127.0.0.1:8080' },
  store: { path: '.foretide/store.db', onCorrupt: 'refuse' as const },
  group: {
    min: 1,
    mode: 'active' as const,
    warmup: '60s',
    cooldown: { scaleOut: '0s', scaleIn: '60s' },
    stabilization: { scaleOut: '0s', scaleIn: '300s' },
    staleAfter: '10s',
    minReportingRatio: '50%',
    honorCooldown: false,
    minHealthy: '50%',
    coexistence: { reaction: 'yield' as const, settle: '2m' },
    freezes: [],
    policies: [{ type: 'target-tracking' as const, signal: 'cpu', target: '60%' }],
  },
  timeZone: 'UTC',
  lead: '0s',
  policy: {
    scaleOut: 'allow' as const,
    scaleIn: 'allow' as const,
    statistic: 'mean' as const,
    window: '1s',
    tolerance: { scaleOut: '10%', scaleIn: '10%' },
    adjustment: 'change-in-capacity' as const,
    minAdjustment: 1,
    change: 1,
  },
};
