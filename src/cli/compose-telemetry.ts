// The controller's way to its agents, as the config says: an embedded broker or one outside.

import { readCredentialsFile } from '../broker/credential.ts';
import { startBroker, type EmbeddedBroker } from '../broker/embedded-broker.ts';
import { createEmbeddedTelemetry } from '../broker/embedded-telemetry.ts';
import type { BrokerConfig, Config } from '../config/config.ts';
import type { Clock } from '../controller/ports/clock.ts';
import type { Log } from '../controller/ports/log.ts';
import type { Telemetry } from '../controller/ports/telemetry.ts';
import { createMqttTelemetry } from '../mqtt/mqtt-telemetry.ts';
import { readText } from './config-file.ts';
import { StartError } from './start-error.ts';

export interface ComposedTelemetry {
  readonly telemetry: Telemetry;
  /** Null for an outside one. */
  readonly broker: EmbeddedBroker | null;
  /** Where agents connect, for people. */
  readonly address: string;
  close(): Promise<void>;
}

export interface TelemetrySurroundings {
  readonly clock: Clock;
  readonly log: Log;
}

export async function composeTelemetry(
  config: Config,
  surroundings: TelemetrySurroundings,
): Promise<ComposedTelemetry> {
  const { broker } = config;
  return broker.kind === 'embedded'
    ? await composeEmbedded(broker, config, surroundings)
    : composeOutside(broker, surroundings);
}

async function composeEmbedded(
  { listen, tls, credentials }: Extract<BrokerConfig, { kind: 'embedded' }>,
  config: Config,
  { clock, log }: TelemetrySurroundings,
): Promise<ComposedTelemetry> {
  const logins = credentials === null ? null : await readCredentialsFile(credentials);
  if (logins?.ok === false) throw new StartError(logins.message, 2);
  const started = await startBroker({
    listeners: [
      {
        ...listen,
        tls:
          tls === null
            ? null
            : {
                certificate: readText(tls.cert),
                key: readText(tls.key),
                clientAuthority: tls.ca === null ? null : readText(tls.ca),
              },
      },
    ],
    credentials: logins?.credentials ?? [],
    loadTopics: config.loadTopics.map(({ topic }) => topic),
    log,
  });
  if (!started.ok) throw new StartError(started.problem.message, 1);
  const embedded = started.broker;
  const [bound] = embedded.addresses;
  const scheme = tls === null ? 'mqtt' : 'mqtts';
  return {
    telemetry: createEmbeddedTelemetry(embedded, clock),
    broker: embedded,
    address: `${scheme}://${bound?.host ?? listen.host}:${bound?.port ?? listen.port}`,
    close: () => embedded.close(),
  };
}

function composeOutside(
  { url, tls, username, passwordFile }: Extract<BrokerConfig, { kind: 'outside' }>,
  { clock, log }: TelemetrySurroundings,
): ComposedTelemetry {
  const outcome = createMqttTelemetry({
    url,
    userName: username,
    password: passwordFile === null ? null : readText(passwordFile).trimEnd(),
    tls:
      tls === null
        ? null
        : {
            authority: tls.ca === null ? null : readText(tls.ca),
            certificate: tls.identity === null ? null : readText(tls.identity.cert),
            key: tls.identity === null ? null : readText(tls.identity.key),
          },
    will: null,
    clock,
    log,
    random: Math.random,
  });
  if (!outcome.ok) throw new StartError(outcome.message, 2);
  return {
    telemetry: outcome.telemetry,
    broker: null,
    address: url,
    close: () => Promise.resolve(),
  };
}
