// `foretide start`: runs the controller until it is told to stop.

import { createClock } from '../clocks.ts';
import { composeController } from '../compose-controller.ts';
import { composeTelemetry } from '../compose-telemetry.ts';
import { readConfigFile } from '../config-file.ts';
import { serveControl } from '../serve-control.ts';
import { socketBeside } from '../places.ts';
import { waitForStopSignal } from '../stop-signal.ts';
import { createLog } from '../terminal-log.ts';

export interface StartOptions {
  readonly config: string;
  readonly json?: boolean;
}

export async function start(options: StartOptions): Promise<void> {
  const config = readConfigFile(options.config);
  const log = createLog({ isJson: options.json ?? !process.stderr.isTTY });
  const clock = createClock();
  const endings: (() => Promise<void>)[] = [];
  try {
    const telemetry = await composeTelemetry(config, { clock, log });
    endings.push(() => telemetry.close());
    const composed = composeController(config, {
      clock,
      log,
      telemetry: telemetry.telemetry,
      aws: {},
    });
    endings.push(() => composed.stop());
    const { read, controller } = composed;
    const socketPath = socketBeside(config.store.path);
    const commands = controller.wishes;
    const { listen } = config.api;
    const control = await serveControl({ read, commands, log, socketPath, listen });
    endings.push(() => control.close());
    await controller.start();
    const names = config.groups.map(({ group }) => group.name).join(', ');
    log.write('info', `running ${names}: broker ${telemetry.address}, ${control.httpAddress}`);
    log.write('info', `foretide status | why | set reach it by ${socketPath}`);
    log.write('info', `stopping on ${await waitForStopSignal()}`);
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}
