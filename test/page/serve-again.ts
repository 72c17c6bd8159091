// A running demo's controller behind another API: as one that was restarted, or updated, or that knows
// other people.

import { createApi } from '../../src/api/create-api.ts';
import { createToken, hashToken } from '../../src/api/access/tokens.ts';
import { serveWeb } from '../../src/api/serve.ts';
import { createConfigDesk } from '../../src/cli/config-desk.ts';
import { simulatedConfig } from '../../src/cli/demo/demo-config.ts';
import type { RunningDemo } from '../../src/cli/demo/demo.ts';
import { jobThreadUrl } from '../../src/cli/jobs/job-thread-url.ts';
import { findPageFolder } from '../../src/cli/places.ts';
import { createTextLog } from '../../src/cli/terminal-log.ts';

export interface ServedAgain {
  readonly port: number;
  readonly operatorToken: string;
  readonly viewerToken: string;
  close(): Promise<void>;
}

interface Wanted {
  readonly version: string;
  readonly isReadingOpen: boolean;
}

export async function serveAgain(
  { simulated: { controller, read } }: RunningDemo,
  { isReadingOpen, version }: Wanted,
): Promise<ServedAgain> {
  const log = createTextLog(() => {});
  const operatorToken = createToken();
  const viewerToken = createToken();
  const api = createApi({
    read,
    commands: controller.wishes,
    log,
    version,
    startedAt: read.now(),
    user: 'test',
    forecastRatio: () => null,
    config: createConfigDesk(() => simulatedConfig({ storePath: 'none', apiPort: 0 })),
    web: {
      tokens: [
        { name: 'olga', role: 'operator', hash: hashToken(operatorToken) },
        { name: 'victor', role: 'viewer', hash: hashToken(viewerToken) },
      ],
      isReadingOpen,
      isOffLoopback: false,
      hasTls: false,
      pageFolder: findPageFolder(),
    },
    jobThread: jobThreadUrl(),
    auditPath: null,
  });
  const served = await serveWeb(api, { port: 0, log });
  if (served.kind === 'problem') throw new Error(served.message);
  return {
    port: Number(new URL(served.address).port),
    operatorToken,
    viewerToken,
    close: async () => {
      await api.close();
      await served.close();
    },
  };
}
