// The flags of the agent: one table that the reading, the environment and `--help` are made from.

/** A flag that takes a value, and its variable `FORETIDE_…`. */
export interface ValueFlag {
  readonly placeholder: string;
  readonly says: string;
}

export const valueFlags = {
  broker: { placeholder: 'URL', says: 'mqtt://host[:1883] or mqtts://host[:8883]' },
  group: { placeholder: 'NAME', says: 'the Auto Scaling group; else from instance metadata' },
  instance: { placeholder: 'ID', says: 'this instance; else from instance metadata' },
  interval: { placeholder: 'TIME', says: 'time between samples (1s); 100ms to 60s' },
  username: { placeholder: 'NAME', says: 'for the broker' },
  'password-file': { placeholder: 'PATH', says: 'its first line is the password' },
  ca: { placeholder: 'PATH', says: 'PEM file of the authorities to trust, for mqtts' },
  cert: { placeholder: 'PATH', says: 'PEM file of the client certificate, for mqtts' },
  key: { placeholder: 'PATH', says: 'PEM file of its key' },
  'client-id': { placeholder: 'ID', says: 'for the broker; else made from group and instance' },
  listen: { placeholder: 'PORT', says: 'take POST /v1/signals and /v1/work on 127.0.0.1' },
  'agent-check': { placeholder: 'ADDR', says: 'answer HAProxy there: [HOST:]PORT, else 127.0.0.1' },
  drain: { placeholder: 'TIME', says: 'drain so long at most when the instance is to end: 300s' },
  'lifecycle-hook': { placeholder: 'NAME', says: 'the termination hook that waits for the drain' },
  exec: { placeholder: 'COMMAND', says: 'run it, and take its output of "name value" lines' },
  'exec-period': { placeholder: 'TIME', says: 'from one start of it to the next (10s)' },
  file: { placeholder: 'PATH', says: 'a file of "name value" lines, read at every sample' },
  'signal-lifetime': { placeholder: 'TIME', says: 'drop a signal not renewed for so long (60s)' },
  ports: { placeholder: 'LIST', says: 'count connections to these ports: 443,80, or "none"' },
  outbox: { placeholder: 'TIME', says: 'keep undelivered samples so long (120s); 1s to 1h' },
  qos: { placeholder: '0|1', says: 'quality of service of the reports (1)' },
} as const satisfies Record<string, ValueFlag>;

export type ValueFlagName = keyof typeof valueFlags;

/** `password-file` → `FORETIDE_PASSWORD_FILE`. */
export function variableOf(flag: ValueFlagName): string {
  return `FORETIDE_${flag.toUpperCase().replaceAll('-', '_')}`;
}

/** What `--help` prints. */
export function describeUsage(): string {
  return `Usage: foretide-agent [flags]

Reports this machine's load to Foretide over MQTT, once a second.

${Object.entries(valueFlags)
  .map(([name, { placeholder, says }]) => `  ${`--${name} ${placeholder}`.padEnd(26)}${says}`)
  .join('\n')}
  -c FILE                   no broker: publish to CloudWatch as the module FILE says
  --once                    print one sample as JSON, and exit
  --version                 print the version, and exit
  --help                    print this, and exit

Every flag with a value may be given as a variable instead: FORETIDE_BROKER, FORETIDE_PASSWORD_FILE
and so on; FORETIDE_PASSWORD is the password itself. AWS_EC2_METADATA_SERVICE_ENDPOINT moves the
instance metadata, AWS_EC2_METADATA_DISABLED=true forbids asking it.
`;
}
