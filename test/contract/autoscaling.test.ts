// The contract suite against the local cloud: only AWS's SDK speaks to it, on a clock that passes
// as fast as the scenarios ask.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import type { ConnectedCloud } from './connect.ts';
import { connect } from './connect.ts';
import { scenarios } from './scenarios/index.ts';

let server: LocalCloud;
let cloud: ConnectedCloud;

beforeAll(async () => {
  const clock = createManualClock(Date.parse('2026-03-02T10:00:00Z'));
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test-secret' };
  server = await startLocalCloud({ clock, throttling: 'off', credentials: [credentials] });
  cloud = await connect({
    endpoint: server.url,
    region: 'us-east-1',
    credentials,
    zones: server.world.options.zones,
    imageId: 'ami-0123456789abcdef0',
    runName: 'contract',
    now: clock.now,
    pass: async (ms) => clock.pass(ms),
  });
});

afterEach(() => cloud.cleanUp());

afterAll(async () => {
  await cloud.close();
  await server.close();
});

describe('the contract', () => {
  it.each(scenarios)('$name', async (scenario) => {
    await expect(scenario.run(cloud)).resolves.toBeUndefined();
  });
});
