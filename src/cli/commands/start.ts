// `foretide start`: runs the controller until it is told to stop.

import { createClock } from '../clocks.ts';
import { composeController } from '../compose-controller.ts';
import { composeTelemetry } from '../compose-telemetry.ts';
import { createConfigDesk } from '../config-desk.ts';
import { readConfigText } from '../config-file.ts';
import { ConfigWatch } from '../config-watch.ts';
import { onHangUp } from '../hang-up.ts';
import { serveControl } from '../serve-control.ts';
import { socketBeside } from '../places.ts';
import { waitForStopSignal } from '../stop-signal.ts';
import { createLog } from '../terminal-log.ts';

export interface StartOptions {
  readonly config: string;
  readonly json?: boolean;
}

export async function start(options: StartOptions): Promise<void> {
  const started = readConfigText(options.config);
  const { config } = started;
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
    const { controller, reconfigure: apply } = composed;
    const watch = new ConfigWatch({ file: options.config, started, clock, log, apply });
    const read = { ...composed.read, config: () => watch.status() };
    const socketPath = socketBeside(config.store.path);
    const commands = controller.wishes;
    const { api } = config;
    const desk = createConfigDesk(() => watch.running());
    const control = await serveControl({ read, commands, log, socketPath, api, config: desk });
    endings.push(() => control.close());
    await controller.start();
    watch.start();
    endings.push(() => watch.stop());
    const forgetHangUp = onHangUp(() => void watch.look({ isSure: true }));
    endings.push(async () => forgetHangUp());
    const names = config.groups.map(({ group }) => group.name).join(', ');
    log.write('info', `running ${names}: broker ${telemetry.address}, ${control.httpAddress}`);
    log.write('info', `foretide status | why | set reach it by ${socketPath}`);
    log.write('info', `stopping on ${await waitForStopSignal()}`);
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}
