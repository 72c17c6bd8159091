// Whether the broker of a config can be reached and lets this configuration in.

import { connectAsync, type IClientOptions } from 'mqtt';
import { readFileSync } from 'node:fs';
import type { BrokerConfig, ClientTls } from '../../config/config.ts';
import { describeError } from '../describe-error.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const connectWaitMaxMs = 5_000;

export async function checkBroker(broker: BrokerConfig): Promise<Finding> {
  const url = urlOf(broker);
  try {
    const options = optionsOf(broker);
    const client = await connectAsync(url, {
      ...options,
      connectTimeout: connectWaitMaxMs,
      reconnectPeriod: 0,
      clean: true,
    });
    await client.endAsync(true);
    return ok('broker', `${url} lets us in`);
  } catch (error) {
    return judge(broker, url, describeError(error));
  }
}

function judge(broker: BrokerConfig, url: string, message: string): Finding {
  const isLogin = /not authorized|bad user ?name|identifier rejected/iu.test(message);
  if (broker.kind === 'embedded') {
    // The doctor knows no agent's password: being turned away is an answer of a broker that works.
    if (isLogin) return ok('broker', `${url} answers, and asks for a login`);
    const next = 'start the controller: foretide start brings the broker';
    return warn('broker', `${url} does not answer (${message})`, next);
  }
  return isLogin
    ? fail(
        'broker',
        `${url} refuses the login (${message})`,
        'check broker.username and broker.passwordFile',
      )
    : fail(
        'broker',
        `${url} cannot be reached (${message})`,
        'check the address, the firewall and broker.tls',
      );
}

function urlOf(broker: BrokerConfig): string {
  if (broker.kind === 'outside') return broker.url;
  const { host, port } = broker.listen;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const named = reachable.includes(':') ? `[${reachable}]` : reachable;
  return `${broker.tls === null ? 'mqtt' : 'mqtts'}://${named}:${port}`;
}

/** Reads the files that the config names. */
function optionsOf(broker: BrokerConfig): IClientOptions {
  // One's own broker on one's own machine: that it answers is the question, not who it is.
  if (broker.kind === 'embedded') return { rejectUnauthorized: false };
  const { passwordFile, tls, username } = broker;
  return {
    ...(username !== null && { username }),
    ...(passwordFile !== null && { password: readFileSync(passwordFile, 'utf8').trim() }),
    ...(tls === null ? {} : readTls(tls)),
  };
}

function readTls({ ca, identity }: ClientTls): IClientOptions {
  return {
    ...(ca !== null && { ca: readFileSync(ca) }),
    ...(identity !== null && {
      cert: readFileSync(identity.cert),
      key: readFileSync(identity.key),
    }),
  };
}
